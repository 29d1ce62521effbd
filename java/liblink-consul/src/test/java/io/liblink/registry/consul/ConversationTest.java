package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.registry.consul.FakeAgent.Answer;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The requests that are made, and made-up answers that a real agent gives seldom or never. */
class ConversationTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String HEALTH = "GET /v1/health/service/pricing";
  private static final String BEAT = "PUT /v1/agent/check/pass/pricing-";

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private FakeAgent agent(FakeAgent.Script script) {
    FakeAgent agent = new FakeAgent(script);
    open.add(agent);
    return agent;
  }

  private ConsulMember join(String uri) {
    ConsulMember member = new ConsulMember(uri, "shop", "a");
    open.add(member);
    return member;
  }

  /** The answer to a health query in which these stand. */
  private static String entries(Instance... instances) {
    return List.of(instances).stream()
        .map(i -> {
          ObjectNode entry = JSON.createObjectNode();
          ObjectNode service = entry.putObject("Service");
          service.put("ID", Registration.id(i));
          service.put("Address", i.addresses().get(0).host());
          service.put("Port", i.addresses().get(0).port());
          ObjectNode meta = service.putObject("Meta");
          MetaWriter.pairs(i, "shop").forEach(meta::put);
          entry.putObject("Node").put("Datacenter", i.datacenter());
          return entry.toString();
        })
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String parameter(String request, String name) {
    for (String pair : request.substring(request.indexOf('?') + 1).split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "";
  }

  private static boolean isBlocking(String request) {
    return !parameter(request, "index").isEmpty();
  }

  /** The first health query like that; those of a starved machine may be more than one would think. */
  private static String first(FakeAgent agent, Predicate<String> like) {
    Await.until(
        "a query like that",
        () -> agent.requests(HEALTH),
        () -> agent.requests(HEALTH).stream().anyMatch(like));
    return agent.requests(HEALTH).stream().filter(like).findFirst().orElseThrow();
  }

  private static boolean isBeyond(String request, String index) {
    return parameter(request, "index").equals(index);
  }

  @Test
  void aQueryBeginsWithoutAnIndexAndThenBlocksBeyondTheLast() {
    FakeAgent agent = agent(r -> Answer.ok("7", "[]"));
    agent.script(r -> isBlocking(r) ? agent.block(60_000, null) : Answer.ok("7", "[]"));
    join(agent.uri()).watch("pricing").await();

    String second = first(agent, ConversationTest::isBlocking);
    assertThat(parameter(second, "index")).isEqualTo("7");
    assertThat(Long.parseLong(parameter(second, "wait").replace("ms", "")))
        .isBetween(48_000L, 60_000L);
    assertThat(second).doesNotContain("token");
    String first = agent.requests(HEALTH).get(0);
    assertThat(isBlocking(first)).isFalse();
    assertThat(parameter(first, "filter")).contains("liblink-cluster").contains("shop");
  }

  @ParameterizedTest
  @CsvSource({"0", "-5", "x", "''"})
  void anIndexThatWouldNotBlockIsTakenForOne(String index) {
    FakeAgent agent = agent(r -> Answer.ok(index, "[]"));
    agent.script(r -> isBlocking(r) ? agent.block(60_000, null) : Answer.ok(index, "[]"));
    join(agent.uri()).watch("pricing").await();
    assertThat(parameter(first(agent, ConversationTest::isBlocking), "index")).isEqualTo("1");
  }

  @Test
  void anIndexThatGoesBackBeginsAnewAndNobodyIsLost() {
    AtomicBoolean wiped = new AtomicBoolean();
    FakeAgent agent = agent(r -> Answer.ok("1", "[]"));
    ConsulMember a = join(agent.uri());
    String one = entries(a.instance("pricing"));
    agent.script(r -> {
      if (isBeyond(r, "100")) {
        wiped.set(true);
        return Answer.ok("20", "[]");
      }
      if (isBlocking(r)) {
        return agent.block(60_000, null);
      }
      return wiped.get() ? Answer.ok("21", "[]") : Answer.ok("100", one);
    });
    Views seen = a.watch("pricing");
    first(agent, r -> isBeyond(r, "21"));
    assertThat(agent.requests(HEALTH)).noneMatch(r -> isBeyond(r, "20"));
    View view = seen.await("kept", v -> v.problem().contains("1 instance vanished"));
    assertThat(view.instances()).containsExactly(a.instance("pricing"));

    a.registry().suspect(a.instance("pricing"));
    seen.await();
    assertThat(seen.last().problem()).isEmpty();
  }

  @Test
  void afterAFailureItBeginsAnewAndWhatIsKnownStands() {
    AtomicBoolean failed = new AtomicBoolean();
    FakeAgent agent = agent(r -> Answer.ok("1", "[]"));
    ConsulMember a = join(agent.uri());
    String one = entries(a.instance("pricing"));
    agent.script(r -> {
      if (isBeyond(r, "100")) {
        failed.set(true);
        return Answer.status(500, "No cluster leader");
      }
      if (isBlocking(r)) {
        return agent.block(60_000, null);
      }
      return Answer.ok(failed.get() ? "101" : "100", one);
    });
    Views seen = a.watch("pricing");
    first(agent, r -> isBeyond(r, "101"));
    seen.await(a.instance("pricing"));
    seen.await("well", v -> v.problem().isEmpty());
    assertThat(seen.all())
        .allMatch(v -> v.instances().size() == 1)
        .anyMatch(v -> v.problem().equals("the agent answered 500: No cluster leader"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, <html>a proxy</html>, can't be read",
    "200, '[{', can't be read",
    "200, '', can't be read",
    "204, '', 'the agent answered status 204'",
    "302, '', 'the agent answered status 302'",
    "403, 'Permission denied: token lacks permission', 'the token is not allowed to'",
    "403, 'ACL not found', 'the agent does not know the token'",
    "404, 'nothing here', 'the agent answered 404: nothing here'",
    "429, 'Too Many Requests', 'takes no more connections from this host'",
    "500, 'rpc error: No path to datacenter', 'the agent answered 500: rpc error: No path'",
  })
  void anAnswerThatIsNoneIsSaidInWords(int status, String body, String words) {
    FakeAgent agent = agent(r -> new Answer(status, "5", body, false));
    View view =
        join(agent.uri()).watch("pricing").await("a problem", v -> !v.problem().isEmpty());
    assertThat(view.problem()).contains(words);
    assertThat(view.instances()).isEmpty();
  }

  @Test
  void aServiceWhoseIndexNeverRestsIsAskedOnceASecond() {
    AtomicInteger index = new AtomicInteger();
    FakeAgent agent = agent(r -> Answer.ok("" + index.incrementAndGet(), "[]"));
    Views seen = join(agent.uri()).watch("pricing");
    seen.await();
    long start = System.nanoTime();
    Await.until("three seconds", () -> "", () -> System.nanoTime() - start > 3_000_000_000L);
    long most = Pace.BURST + (System.nanoTime() - start) / 1_000_000_000L + 3;
    assertThat((long) agent.requests(HEALTH).size()).isBetween(2L, most);
    assertThat(seen.all()).as("nothing changed").hasSize(1);
  }

  @Test
  void manyServicesTakeTurnsSoThatTheAgentHasConnectionsLeft() {
    FakeAgent agent = agent(r -> Answer.ok("3", "[]"));
    agent.script(r -> isBlocking(r)
        ? agent.block(Long.parseLong(parameter(r, "wait").replace("ms", "")), Answer.ok("3", "[]"))
        : Answer.ok("3", "[]"));
    ConsulMember a = join(agent.uri());
    List<Views> all =
        IntStream.range(0, 100).mapToObj(i -> a.watch("service-" + i)).toList();
    all.forEach(Views::await);
    Await.until(
        "every one a second time", () -> agent.requests("GET /v1/health").size(), () -> {
          Map<String, Long> blocking = agent.requests("GET /v1/health").stream()
              .filter(ConversationTest::isBlocking)
              .collect(Collectors.groupingBy(r -> r.split("\\?")[0], Collectors.counting()));
          return blocking.size() == 100;
        });
    assertThat(agent.mostBlocked()).isLessThanOrEqualTo(Discovery.MOST_UNDER_WAY);
  }

  @Test
  void whatNobodyWatchesIsAskedForNoMore() {
    FakeAgent agent = agent(r -> Answer.ok("1", "[]"));
    agent.script(
        r -> isBlocking(r) ? agent.block(300, Answer.ok("1", "[]")) : Answer.ok("1", "[]"));
    ConsulMember a = join(agent.uri());
    Views seen = new Views();
    var watch = a.registry().watch("pricing", seen);
    seen.await();
    watch.close();
    Await.until("quiet", () -> agent.requests(HEALTH).size(), () -> {
      int before = agent.requests(HEALTH).size();
      long start = System.nanoTime();
      Await.until("a second", () -> "", () -> System.nanoTime() - start > 1_000_000_000L);
      return agent.requests(HEALTH).size() == before;
    });
  }

  @Test
  void heartbeatsGoOutAtAThirdOfTheTimeWithAConstantNote() {
    FakeAgent agent = agent(r -> Answer.ok("", ""));
    ConsulMember a = join(agent.uri() + "?ttl=1500ms");
    a.announce(a.instance("pricing"));
    long start = System.nanoTime();
    List<String> beats = new ArrayList<>();
    Await.until("six beats", () -> beats, () -> {
      beats.clear();
      beats.addAll(
          agent.requests(BEAT).stream().filter(r -> r.contains(":beat")).toList());
      return beats.size() >= 6;
    });
    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThan(2000);
    assertThat(beats).allMatch(beats.get(0)::equals).allMatch(r -> r.endsWith("?note=alive"));
  }

  @Test
  void aListenerThatBlocksMakesNoHeartbeatLate() throws InterruptedException {
    FakeAgent agent = agent(r -> Answer.ok("1", r.startsWith("GET") ? "[]" : ""));
    ConsulMember a = join(agent.uri() + "?ttl=1500ms");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    a.registry().watch("pricing", v -> {
      inside.countDown();
      try {
        go.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
    a.announce(a.instance("pricing"));
    Await.until("beats", () -> agent.requests(BEAT), () -> agent.requests(BEAT).size() >= 5);
    go.countDown();
  }

  @ParameterizedTest
  @CsvSource({
    "404, 'Unknown check ID \"x\"'",
    "500, 'CheckID \"x\" does not have associated TTL'",
    "500, 'Unknown check \"x\"'",
  })
  void anAgentThatDoesNotKnowTheCheckIsToldAgain(int status, String body) {
    AtomicInteger beats = new AtomicInteger();
    FakeAgent agent = agent(r -> r.contains(":beat") && beats.incrementAndGet() == 1
        ? Answer.status(status, body)
        : Answer.ok("", ""));
    ConsulMember a = join(agent.uri() + "?ttl=1s");
    a.announce(a.instance("pricing"));
    String register = "PUT /v1/agent/service/register";
    Await.until(
        "told again",
        () -> agent.requests("PUT"),
        () -> agent.requests(register).size() >= 2);
    assertThat(agent.requests(register)).allMatch(r -> !r.contains("replace-existing-checks"));
    assertThat(a.registry().problem()).doesNotContain("announcing");
  }

  @Test
  void whatTheAgentRefusesForGoodFailsTheAnnouncement() {
    FakeAgent agent = agent(r -> r.contains("register")
        ? Answer.status(400, "Invalid Service Meta: Key is too long")
        : Answer.ok("", ""));
    ConsulMember a = join(agent.uri());
    assertThat(Await.failure(a.registry().announce(a.instance("pricing"))))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT))
        .hasMessageContaining("service 'pricing' is not announced: Consul refuses it")
        .hasMessageContaining("Key is too long");
  }

  @Test
  void resultsThatWereFilteredAreReportedEvenWhenNothingElseChanges() {
    FakeAgent agent = agent(r -> Answer.ok("1", "[]"));
    agent.script(r ->
        isBlocking(r) ? agent.block(200, new Answer(200, "2", "[]", true)) : Answer.ok("1", "[]"));
    Views seen = join(agent.uri()).watch("pricing");
    seen.await("nothing filtered", v -> v.skipped().isEmpty());
    View view = seen.await("something filtered", v -> !v.skipped().isEmpty());
    assertThat(view.skipped().get(0).what()).isEqualTo("what the token may not see");
    assertThat(view.problem()).isEmpty();
  }

  @Test
  void closingWithAnAgentThatHangsTakesTwoSeconds() {
    FakeAgent agent =
        agent(r -> r.contains("/service/register") ? Answer.ok("", "") : agentHangs());
    ConsulMember a = new ConsulMember(agent.uri(), "shop", "a");
    a.registry().announce(a.instance("pricing"));
    a.watch("pricing");
    Await.until("told", () -> agent.requests("PUT"), () -> agent.requests("PUT").size() >= 2);
    long start = System.nanoTime();
    a.close();
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(1900L, 14_000L);
    assertThat(Await.failure(a.registry().announce(a.instance("pricing"))))
        .hasMessageContaining("closed");
  }

  private static Answer agentHangs() throws InterruptedException {
    new CountDownLatch(1).await(15, TimeUnit.SECONDS);
    return Answer.status(500, "");
  }

  @Test
  void aBodyThatWasTakenIsLetGo() {
    BoundedBody body = new BoundedBody(10);
    body.onNext(List.of(
        java.nio.ByteBuffer.wrap(new byte[] {1, 2}), java.nio.ByteBuffer.wrap(new byte[] {3})));
    body.onComplete();
    BoundedBody.Whole whole = body.getBody().toCompletableFuture().join();
    assertThat(whole.take()).containsExactly(1, 2, 3);
    assertThat(whole.take()).isEmpty();
  }

  @Test
  void anAnswerWithoutBoundsIsRefused() {
    BoundedBody body = new BoundedBody(10);
    body.onSubscribe(new java.util.concurrent.Flow.Subscription() {
      @Override
      public void request(long n) {}

      @Override
      public void cancel() {}
    });
    body.onNext(List.of(java.nio.ByteBuffer.allocate(6), java.nio.ByteBuffer.allocate(6)));
    assertThat(Await.failure(body.getBody())).hasMessageContaining("larger than");
  }
}
