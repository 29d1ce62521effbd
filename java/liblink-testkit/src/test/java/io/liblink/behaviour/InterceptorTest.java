package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Answer;
import io.liblink.Interceptor;
import io.liblink.RemoteService;
import io.liblink.ReplyStream;
import io.liblink.Service;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interceptors see calls on both sides, in order, and may do anything but block. */
class InterceptorTest {
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private TestCluster cluster;

  private Interceptor noting(String name) {
    return (call, request, next) -> {
      seen.add(name + " in");
      return next.proceed(request).thenApply(reply -> {
        seen.add(name + " out");
        return reply;
      });
    };
  }

  private RemoteService start(List<Interceptor> ofCaller, List<Interceptor> ofService) {
    cluster = TestCluster.builder()
        .options("a", o -> {
          for (Interceptor i : ofCaller) {
            o = o.intercept(i);
          }
          return o;
        })
        .start("a", "b", "c");
    for (String node : new String[] {"b", "c"}) {
      Service service = Service.named("echo")
          .method("say", r -> {
            seen.add("handler " + r.message().headers());
            return r.message();
          })
          .method("other.thing", r -> r.message())
          .stream("twice", String.class, (text, sink) -> {
        sink.send(text);
        sink.send(text);
      });
      ofService.forEach(service::intercept);
      cluster.node(node).serve(service);
    }
    return cluster.node("a").service("echo");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void theFirstAddedIsOutermostOnBothSides() {
    RemoteService echo =
        start(List.of(noting("c1"), noting("c2")), List.of(noting("s1"), noting("s2")));
    echo.call("say", "hi", String.class);
    assertThat(seen)
        .containsExactly(
            "c1 in",
            "c2 in",
            "s1 in",
            "s2 in",
            "handler {}",
            "s2 out",
            "s1 out",
            "c2 out",
            "c1 out");
  }

  @Test
  void onlyAndExceptRestrictByPattern() {
    RemoteService echo = start(
        List.of(
            noting("only").only("echo/other.*", "nothing/>"),
            noting("except").except("echo/other.>")),
        List.of(noting("deep").only("*/other.thing"), noting("never").only("echo/other")));
    echo.call("other.thing", "hi", String.class);
    assertThat(seen).containsExactly("only in", "deep in", "deep out", "only out");
    seen.clear();
    echo.call("say", "hi", String.class);
    assertThat(seen).containsExactly("except in", "handler {}", "except out");
  }

  @Test
  void theRequestAndTheReplyMayBeChanged() {
    Interceptor caller = (call, request, next) -> next.proceed(
            request.withHeader("Tenant", call.headers().get("who")))
        .thenApply(reply -> Message.text(reply.text() + "!"));
    Interceptor service = (call, request, next) -> next.proceed(request)
        .thenApply(reply -> Message.text(reply.text() + call.headers().get("tenant")));
    RemoteService echo = start(List.of(caller), List.of(service));
    assertThat(echo.header("who", "acme").call("say", "hi", String.class)).isEqualTo("hiacme!");
    assertThat(seen.get(0)).contains("tenant=acme").contains("who=acme");
  }

  @Test
  void oneMayAnswerByItselfOrRefuse() {
    Interceptor cache = (call, request, next) -> request.text().equals("known")
        ? CompletableFuture.completedFuture(Message.text("from the cache"))
        : next.proceed(request);
    Interceptor guard = (call, request, next) -> {
      if (request.text().equals("bad")) {
        throw new LinkException(Status.PERMISSION_DENIED, "not you");
      }
      return next.proceed(request);
    };
    RemoteService echo = start(List.of(cache), List.of(guard));
    assertThat(echo.call("say", "known", String.class)).isEqualTo("from the cache");
    assertThat(seen).isEmpty();
    LinkException e = failure(() -> echo.call("say", "bad", String.class));
    assertThat(e.status()).isEqualTo(Status.PERMISSION_DENIED);
    assertThat(e.problem()).isEqualTo("not you");
    assertThat(seen).isEmpty();
  }

  @Test
  void aFailureIsALinkExceptionWhateverInterceptorsMakeOfIt() {
    RemoteService echo = start(
        List.of(noting("outer"), (call, request, next) -> {
          if (request.text().equals("throw")) {
            throw new IllegalStateException("a bug");
          }
          return request.text().equals("null") ? null : next.proceed(request);
        }),
        List.of());
    assertThat(failure(() -> echo.call("nothing", "hi", String.class)).status())
        .isEqualTo(Status.UNIMPLEMENTED);
    assertThat(failure(echo.callAsync("nothing", "hi", String.class)).status())
        .isEqualTo(Status.UNIMPLEMENTED);
    LinkException bug = failure(() -> echo.call("say", "throw", String.class));
    assertThat(bug.status()).isEqualTo(Status.UNKNOWN);
    assertThat(bug.problem()).contains("a bug");
    assertThat(failure(() -> echo.call("say", "null", String.class)).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(failure(() -> echo.call("say", "no number", Integer.class)).status())
        .isEqualTo(Status.INTERNAL);
  }

  @Test
  void surveysPassThroughThemOncePerInstance() {
    RemoteService echo = start(List.of(noting("caller")), List.of());
    List<Answer<String>> answers = echo.survey("say", "hi", String.class);
    assertThat(answers).extracting(Answer::value).containsExactly("hi", "hi");
    assertThat(seen).filteredOn(s -> s.equals("caller in")).hasSize(2);
    assertThat(seen).filteredOn(s -> s.equals("caller out")).hasSize(2);
  }

  @Test
  void aStreamPassesThemToo() {
    Interceptor shout = (call, request, next) -> next.proceed(Message.text(request.text() + "!"));
    RemoteService echo = start(List.of(noting("c1"), shout), List.of());
    List<String> items = new ArrayList<>();
    try (ReplyStream<String> stream = echo.stream("twice", "hi", String.class)) {
      stream.forEachRemaining(items::add);
    }
    assertThat(items).containsExactly("hi!", "hi!");
    assertThat(seen).containsExactly("c1 in", "c1 out");
  }

  @Test
  void aStreamThatOneRefusesNeverBegins() {
    Interceptor refuse = (call, request, next) ->
        CompletableFuture.failedFuture(new LinkException(Status.PERMISSION_DENIED, "not today"));
    RemoteService echo = start(List.of(refuse.only("echo/twice")), List.of());
    try (ReplyStream<String> stream = echo.stream("twice", "hi", String.class)) {
      assertThat(failure(stream::hasNext).status()).isEqualTo(Status.PERMISSION_DENIED);
    }
    assertThat(echo.call("say", "hi", String.class)).isEqualTo("hi");
  }

  @Test
  void whatOneAnswersByItselfIsTheOnlyItem() {
    Interceptor answer =
        (call, request, next) -> CompletableFuture.completedFuture(Message.text("known"));
    RemoteService echo = start(List.of(answer), List.of());
    List<String> items = new ArrayList<>();
    try (ReplyStream<String> stream = echo.stream("twice", "hi", String.class)) {
      stream.forEachRemaining(items::add);
    }
    assertThat(items).containsExactly("known");
  }
}
