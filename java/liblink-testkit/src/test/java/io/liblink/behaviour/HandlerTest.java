package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Interceptor;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that misbehave, and what their callers learn. */
class HandlerTest {
  private TestCluster cluster;
  private RemoteService service;
  private final CountDownLatch release = new CountDownLatch(1);

  interface Async {
    CompletionStage<String> failsLater(String what);

    CompletionStage<String> nullStage(String what);
  }

  private static final class AsyncHandlers implements Async {
    @Override
    public CompletionStage<String> failsLater(String what) {
      return CompletableFuture.failedFuture(new LinkException(Status.ABORTED, "later"));
    }

    @Override
    public CompletionStage<String> nullStage(String what) {
      return null;
    }
  }

  /** Every failure of a handler is logged with its stack: not here, where all of them fail. */
  private static final Logger HANDLERS = Logger.getLogger("io.liblink.rpc");

  @BeforeAll
  static void quiet() {
    HANDLERS.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    HANDLERS.setLevel(null);
  }

  @BeforeEach
  void start() {
    Interceptor passing = (call, request, next) -> next.proceed(request);
    cluster = TestCluster.builder()
        .options(o -> o.limits(l -> l.messageBytes(100_000)))
        .start("a", "b");
    cluster.node("b").serve(misbehaving("bad"));
    cluster.node("b").serve(misbehaving("watched").intercept(passing));
    service = cluster.node("a").service("bad");
  }

  private Service misbehaving(String name) {
    return Service.named(name)
        .method("throws", r -> {
          throw new IllegalStateException("the password is 1234");
        })
        .method("error", r -> {
          throw new StackOverflowError();
        })
        .method("chooses", r -> {
          throw new LinkException(Status.NOT_FOUND, "no such article");
        })
        .method("null", r -> null)
        .method(
            "throwsOnLoop",
            r -> {
              throw new IllegalStateException("on the loop");
            },
            Trait.NON_BLOCKING)
        .method("tooMuch", r -> Message.of(new byte[100_001]))
        .method("forever", r -> {
          pass(release);
          return Message.empty();
        })
        .method("echo", r -> r.message())
        .methods(Async.class, new AsyncHandlers());
  }

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "error", "null", "throwsOnLoop", "nullStage"})
  void whatAHandlerThrowsArrivesAsUnknownWithoutItsText(String method) {
    for (String name : new String[] {"bad", "watched"}) {
      LinkException e =
          failure(() -> cluster.node("a").service(name).call(method, "x", String.class));
      assertThat(e.status()).as(name).isEqualTo(Status.UNKNOWN);
      assertThat(e.stage()).isEqualTo(Stage.HANDLE);
      assertThat(e.ran()).isEqualTo(Ran.YES);
      assertThat(e.getMessage()).doesNotContain("password").contains("trace");
      assertThat(e.attempts()).isEqualTo(1);
    }
    Calls.awaitNothingInFlight(cluster.node("b"));
  }

  @Test
  void aHandlerChoosesWhatItsCallerSees() {
    LinkException e = failure(() -> service.call("chooses", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(e.problem()).isEqualTo("no such article");
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(failure(() -> service.call("failsLater", "x", String.class)).status())
        .isEqualTo(Status.ABORTED);
  }

  @Test
  void anAnswerLargerThanAllowedIsRefusedWhereItIsMade() {
    LinkException e = failure(() -> service.call("tooMuch", "x", byte[].class));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.problem()).contains("100001").contains("100000");
    assertThat(e.ran()).isEqualTo(Ran.YES);
  }

  @Test
  void handlersThatBlockForEverDelayNobodyElse() {
    List<CompletableFuture<Message>> stuck = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      stuck.add(service.callAsync("forever", Message.empty()));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(service.call("echo", "hi", String.class)).isEqualTo("hi");
    }
    assertThat(stuck).noneMatch(CompletableFuture::isDone);
    release.countDown();
    stuck.forEach(Calls::get);
  }

  @Test
  void aMethodThatIsNotThereIsUnimplemented() {
    LinkException e = failure(() -> service.call("nothing", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.UNIMPLEMENTED);
    assertThat(e.problem()).contains("'bad'").contains("'nothing'");
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(Calls.count(cluster.node("b"), "drop.unknown_endpoint")).isEqualTo(1);
  }

  @Test
  void aServiceThatNobodyAnnouncesIsUnavailableAtDiscovery() {
    LinkException e =
        failure(() -> cluster.node("a").service("nobody").call("any", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.DISCOVER);
    assertThat(e.problem()).contains("nobody");
    assertThat(e.attempts()).isZero();
  }

  @Test
  void aRequestThatDoesNotFitNeverReachesTheHandler() {
    record Sku(String id, int count) {}

    cluster.node("b").serve(Service.named("typed").method("take", Sku.class, sku -> {
      throw new AssertionError("it ran");
    }));
    LinkException e =
        failure(() -> cluster.node("a").service("typed").call("take", Message.json("{\"id\":7}")));
    assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    LinkException odd = failure(() -> cluster
        .node("a")
        .service("typed")
        .call("take", Message.text("x").withContentType("application/x-odd")));
    assertThat(odd.status()).isEqualTo(Status.INVALID_ARGUMENT);
    assertThat(odd.problem()).contains("application/x-odd");
  }

  @Test
  void aReplyThatDoesNotFitIsTheCallersFailureAndHarmsNoOther() {
    LinkException e = failure(() -> service.call("echo", "no number", Integer.class));
    assertThat(e.status()).isEqualTo(Status.INTERNAL);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(failure(service.callAsync("echo", "no number", Integer.class)).status())
        .isEqualTo(Status.INTERNAL);
    assertThat(service.call("echo", "hi", String.class)).isEqualTo("hi");
    assertThat(Calls.count(cluster.node("a"), "links.closed")).isZero();
  }

  @Test
  void aBlockingCallOnAnEventLoopIsRefused() {
    cluster
        .node("b")
        .serve(Service.named("loop")
            .method(
                "calls",
                r -> Message.text(cluster.node("b").service("bad").call("echo", "x", String.class)),
                Trait.NON_BLOCKING));
    LinkException e =
        failure(() -> cluster.node("a").service("loop").call("calls", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.UNKNOWN);
    assertThat(e.problem()).contains("IllegalStateException");

    CompletableFuture<String> onLoop = service
        .callAsync("forever", Message.empty())
        .thenApply(x -> service.call("echo", "x", String.class));
    release.countDown();
    assertThatThrownBy(() -> get(onLoop))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("callAsync");
  }
}
