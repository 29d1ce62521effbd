package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every node says of its links, and of whom its requests reach. */
class BuiltInTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir
  Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private NodeOptions options;

  @BeforeEach
  void prepare() {
    options = NodeOptions.cluster("shop")
        .key(ClusterKey.generate().text())
        .registry("local:" + directory);
  }

  @AfterEach
  void close() {
    nodes.forEach(n -> n.close(Duration.ZERO));
  }

  private Node join(NodeOptions o) {
    Node node = Node.join(o);
    nodes.add(node);
    return node;
  }

  private static Service who(String node) {
    return Service.named("who").method("am-i", r -> Message.text(node));
  }

  private static RemoteService builtIn(Node asker, Node asked) {
    RemoteService service = asker.service("liblink").to(asked.id().toString());
    service.awaitReady(1, LONG);
    return service;
  }

  private static Edges edges(Node asker, Node asked) {
    return builtIn(asker, asked).call("edges", Message.empty(), Edges.class);
  }

  private static Edges.Edge edgeTo(Edges edges, Node peer) {
    return edges.links().stream()
        .filter(e -> e.id().equals(peer.id().toString()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bothEndsOfALinkTellTheSameOfIt() {
    Node server = join(options.name("server"));
    server.serve(who("server"));
    Node caller = join(options.name("caller"));
    caller.serve(Service.named("other").method("x", r -> r.message()));
    RemoteService who = caller.service("who");
    who.awaitReady(1, LONG);
    for (int i = 0; i < 7; i++) {
      who.call("am-i", "", String.class);
    }
    Node asker = join(options.name("asker"));

    Edges of = edges(asker, server);
    Edges.Edge accepted = edgeTo(of, caller);
    Edges.Edge dialed = edgeTo(edges(asker, caller), server);

    assertThat(of.node()).isEqualTo("server");
    assertThat(of.id()).isEqualTo(server.id().toString());
    assertThat(of.leftOut()).isZero();
    assertThat(accepted.node()).isEqualTo("caller");
    assertThat(accepted.identity()).isEqualTo("spiffe://shop/node/caller");
    assertThat(accepted.dialed()).isFalse();
    assertThat(dialed.dialed()).isTrue();
    assertThat(dialed.address()).isEqualTo(server.addresses().get(0).toString());
    assertThat(dialed.local()).isEqualTo(accepted.address());
    assertThat(accepted.local()).isEqualTo(dialed.address());
    assertThat(accepted.tls()).isEqualTo("TLSv1.3").isEqualTo(dialed.tls());
    assertThat(accepted.cipher()).startsWith("TLS_").isEqualTo(dialed.cipher());
    assertThat(accepted.agent()).startsWith("liblink-java/");
    assertThat(accepted.ageMillis()).isBetween(0L, LONG.toMillis() * 10);
    assertThat(dialed.requests()).containsExactly(new Edges.Requests("who/am-i", 7, 0));
    assertThat(accepted.requests()).containsExactly(new Edges.Requests("who/am-i", 0, 7));
    assertThat(accepted.requestsReceived()).isEqualTo(7);
    assertThat(accepted.requestsSent()).isZero();
  }

  @Test
  void whatIsOpenNowIsCounted() throws Exception {
    Node server = join(options.name("server"));
    server.serve(who("server").topic("news", String.class));
    Node reader = join(options.name("reader"));
    RemoteService who = reader.service("who");
    who.awaitReady(1, LONG);
    java.util.concurrent.CountDownLatch came = new java.util.concurrent.CountDownLatch(3);
    who.subscribe("news", String.class, (Subscriber<String>) m -> came.countDown());
    for (int i = 0; i < 3; i++) {
      server.publish("who/news", "x");
    }
    assertThat(came.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();

    Edges.Edge edge = edgeTo(edges(join(options.name("asker")), server), reader);

    assertThat(edge.peerStreams()).isEqualTo(1);
    assertThat(edge.ownStreams()).isZero();
    assertThat(edge.itemsSent()).isBetween(1L, 4L);
    assertThat(edge.requests()).containsExactly(new Edges.Requests("who/news", 0, 1));
  }

  @Test
  void namesThatAPeerMakesUpAreNotKept() {
    Node server = join(options.name("server"));
    server.serve(who("server"));
    Node caller = join(options.name("caller"));
    RemoteService who = caller.service("who");
    who.awaitReady(1, LONG);
    for (int i = 0; i < 100; i++) {
      String method = "made-up-" + i;
      catchThrowableOfType(LinkException.class, () -> who.call(method, Message.empty()));
    }
    who.call("am-i", Message.empty());

    Edges.Edge seen = edgeTo(edges(join(options.name("asker")), server), caller);
    assertThat(seen.requests()).containsExactly(new Edges.Requests("who/am-i", 0, 1));
    assertThat(seen.requestsReceived()).isEqualTo(1);
  }

  private static ExplainAnswer explain(Node asker, Node asked, Object question) {
    return builtIn(asker, asked).call("explain", question, ExplainAnswer.class);
  }

  @Test
  void anotherNodeExplainsWhomItReaches() {
    join(options.name("eu-1")).serve(who("eu-1").meta("zone", "eu").groups("eu"));
    join(options.name("us-1")).serve(who("us-1").meta("zone", "us").weight(7));
    Node caller = join(options.name("caller"));
    caller.serve(Service.named("other").method("x", r -> r.message()));
    RemoteService who = caller.service("who");
    who.awaitReady(1, LONG);
    who.call("am-i", "", String.class);
    Node asker = join(options.name("asker").groups("eu"));

    ExplainAnswer all = explain(asker, caller, Map.of("service", "who", "endpoint", "am-i"));

    assertThat(all.node()).isEqualTo("caller");
    assertThat(all.source()).isEqualTo("local:" + directory);
    assertThat(all.problem()).isEmpty();
    assertThat(all.summary()).contains("2 instances of 'who' discovered, 2 ready, 2 selected");
    assertThat(all.steps())
        .containsExactly(
            Map.entry("discovered", 2L),
            Map.entry("ready", 2L),
            Map.entry("selected", 2L),
            Map.entry("allowed", 1L),
            Map.entry("balanced", 1L),
            Map.entry("connected", 1L));
    ExplainAnswer.Place eu = place(all, "eu-1");
    assertThat(eu.step()).isEqualTo("selected");
    assertThat(eu.reason()).contains("is for nodes of the group eu only");
    assertThat(eu.endpoint()).isEqualTo("method");
    ExplainAnswer.Place us = place(all, "us-1");
    assertThat(us.step()).isEqualTo("connected");
    assertThat(us.weight()).isEqualTo(7);
    assertThat(us.latencyMicros()).isPositive();
    assertThat(us.link()).isEqualTo(us.addresses().get(0));

    ExplainAnswer some = explain(
        asker, caller, Map.of("service", "who", "where", "zone == us", "endpoint", "nothing"));
    assertThat(place(some, "eu-1").reason()).contains("eu-1").contains("fails zone ==");
    assertThat(place(some, "us-1").endpoint()).isEqualTo("none");
    assertThat(explain(asker, caller, Map.of("service", "who", "to", "eu-1"))
            .steps()
            .get("selected"))
        .isEqualTo(1);
  }

  @Test
  void whoIsNotLetInIsToldByWhoAsksTheOtherEnd() {
    Node server = join(options.name("server"));
    server.serve(who("server").callers("zone == eu"));
    Node caller = join(options.name("caller").meta("zone", "us"));
    caller.serve(Service.named("other").method("x", r -> r.message()));
    Node asker = join(options.name("asker").meta("zone", "eu"));
    RemoteService who = caller.service("who");
    who.awaitReady(1, LONG);

    Map<String, String> question = Map.of("service", "who");
    assertThat(builtIn(asker, server).call("admits", question, Admits.class))
        .isEqualTo(new Admits("who", ""));
    assertThat(builtIn(caller, server).call("admits", question, Admits.class).refusal())
        .startsWith("is for callers with zone == eu only");
    assertThat(builtIn(caller, server)
            .call("admits", Map.of("service", "nobody"), Admits.class)
            .refusal())
        .isEmpty();
    ExplainAnswer explained = explain(asker, caller, question);
    assertThat(explained.steps())
        .containsEntry("selected", 1L)
        .containsEntry("allowed", 0L)
        .containsEntry("connected", 0L);
    assertThat(place(explained, "server").step()).isEqualTo("selected");
    assertThat(place(explained, "server").reason())
        .contains(" refuses this node: it is for callers with zone == eu only");
  }

  private static ExplainAnswer.Place place(ExplainAnswer answer, String node) {
    return answer.instances().stream()
        .filter(p -> p.node().equals(node))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aServiceThatTheNodeNeverUsedIsLookedUpForTheQuestion() {
    Node server = join(options.name("server"));
    server.serve(who("server"));
    Node asker = join(options.name("asker"));

    assertThat(explain(asker, server, Map.of("service", "who")).steps().get("balanced"))
        .isEqualTo(1);
    ExplainAnswer none = explain(asker, server, Map.of("service", "nobody"));
    assertThat(none.instances()).isEmpty();
    assertThat(none.summary()).contains("no instance of 'nobody' is known");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"service\": 1e400}",
        "{\"service\": \"no such name!\"}",
        "{\"service\": null, \"where\": \"zone == eu\"}",
        "{\"service\": \"who\", \"where\": \"zone =\"}",
        "{\"service\": \"who\", \"where\": {}}",
        "{\"service\": \"who\", \"endpoint\": \"a/b\"}",
        "{\"service\": \"who\"",
      })
  void aQuestionThatCannotBeUnderstoodIsAnInvalidArgument(String question) {
    Node server = join(options.name("server"));
    server.serve(who("server"));
    RemoteService explain = builtIn(join(options.name("asker")), server);
    boolean answerable = question.contains("where") || question.contains("endpoint");
    Message asked =
        Message.of(question.getBytes(StandardCharsets.UTF_8)).withContentType(Message.JSON);

    LinkException refused =
        catchThrowableOfType(LinkException.class, () -> explain.call("explain", asked));

    assertThat(refused.status()).as(refused.problem()).isEqualTo(Status.INVALID_ARGUMENT);
    if (!answerable) {
      LinkException also =
          catchThrowableOfType(LinkException.class, () -> explain.call("admits", asked));
      assertThat(also.status()).as(also.problem()).isEqualTo(Status.INVALID_ARGUMENT);
    }
  }
}
