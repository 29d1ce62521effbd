package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.Traits;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call is repeated only where nothing can happen twice; the handler's runs are counted. */
class RetryTest {
  private TestCluster cluster;
  private RemoteService service;
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch firstRuns = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  interface Work {
    String proxied(String what);

    @Traits(Trait.IDEMPOTENT)
    String proxiedAgain(String what);
  }

  private final class Worker implements Work {
    @Override
    public String proxied(String what) {
      return firstHangs();
    }

    @Override
    public String proxiedAgain(String what) {
      return firstHangs();
    }
  }

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b");
    cluster
        .node("b")
        .serve(Service.named("work")
            .method("once", r -> Message.text(firstHangs()))
            .method("again", r -> Message.text(firstHangs()), Trait.IDEMPOTENT)
            .method("count", r -> Message.text("run " + runs.incrementAndGet()))
            .method("fails", r -> {
              runs.incrementAndGet();
              throw new LinkException(Status.UNAVAILABLE, "the database is gone");
            })
            .methods(Work.class, new Worker()));
    service = cluster.node("a").service("work");
  }

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  /** The first run hangs until the test is over; later ones answer. */
  private String firstHangs() {
    int run = runs.incrementAndGet();
    if (run == 1) {
      firstRuns.countDown();
      pass(release);
    }
    return "run " + run;
  }

  private CompletableFuture<String> cutInTheMiddle(CompletableFuture<String> call) {
    pass(firstRuns);
    cluster.inject(Fault.cut(), "a", "b");
    return call;
  }

  @Test
  void whatMayHaveRunIsNotRepeated() {
    LinkException e = failure(cutInTheMiddle(service.callAsync("once", null, String.class)));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.WAIT);
    assertThat(e.ran()).isEqualTo(Ran.MAYBE);
    assertThat(e.attempts()).isEqualTo(1);
    assertThat(e.instance()).isEqualTo(service.instances().get(0).label());
    assertThat(e.address())
        .isEqualTo(service.instances().get(0).addresses().get(0).toString());
    assertThat(e.elapsed()).isPositive();
    assertThat(runs).hasValue(1);
    assertThat(count(cluster.node("a"), "drop.link_lost")).isEqualTo(1);
    assertThat(count(cluster.node("a"), "calls.repeated")).isZero();
  }

  @Test
  void anIdempotentMethodIsRepeated() {
    assertThat(get(cutInTheMiddle(service.callAsync("again", null, String.class))))
        .isEqualTo("run 2");
    assertThat(count(cluster.node("a"), "calls.repeated")).isPositive();
  }

  @Test
  void aHandleMaySayThatItsCallsAreIdempotent() {
    assertThat(get(cutInTheMiddle(service.idempotent().callAsync("once", null, String.class))))
        .isEqualTo("run 2");
  }

  @Test
  void theTraitOfAnInterfaceCountsForItsProxy() {
    Work proxy = service.proxy(Work.class);
    assertThat(get(cutInTheMiddle(CompletableFuture.supplyAsync(() -> proxy.proxiedAgain("x")))))
        .isEqualTo("run 2");
  }

  @Test
  void anInterfaceMethodWithoutTheTraitIsNotRepeated() {
    Work proxy = service.proxy(Work.class);
    assertThat(failure(cutInTheMiddle(CompletableFuture.supplyAsync(() -> proxy.proxied("x"))))
            .ran())
        .isEqualTo(Ran.MAYBE);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatTheHandlerAnsweredIsNotRepeatedHoweverItSounds() {
    LinkException e = failure(() -> service.call("fails", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.HANDLE);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatCertainlyDidNotRunIsRepeatedElsewhere() {
    for (int i = 1; i <= 3; i++) {
      cluster.start("more" + i).serve(Service.named("work").method("count", r -> r.message()));
    }
    service.awaitReady(4, Duration.ofSeconds(10));
    cluster.inject(Fault.refuse(), "b");
    for (int i = 0; i < 40; i++) {
      assertThat(service.call("count", "x", String.class)).isEqualTo("x");
    }
    assertThat(runs).hasValue(0);
    assertThat(count(cluster.node("a"), "calls.repeated")).isPositive();
  }

  @Test
  void repeatsAreBounded() {
    cluster.inject(Fault.refuse(), "b");
    LinkException e = failure(() -> service.call("count", "x", String.class));
    assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(e.stage()).isEqualTo(Stage.CONNECT);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.attempts()).isEqualTo(5);
    assertThat(runs).hasValue(0);
  }

  @Test
  void repeatsHaveABudget() {
    cluster.clock().stop();
    cluster.inject(Fault.refuse(), "b");
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(service.callAsync("count", "x", String.class));
    }
    await("all have failed", () -> {
      cluster.clock().advance(Duration.ofMillis(1));
      return calls.stream().allMatch(CompletableFuture::isDone);
    });
    long repeats = count(cluster.node("a"), "calls.repeated");
    assertThat(repeats)
        .as("100 in reserve, and one for every five calls; a few may be earned while it goes on")
        .isBetween(195L, 260L);
  }

  @Test
  void aRepeatReachesTheHandlerWithItsNumber() {
    List<Integer> attempts = new java.util.concurrent.CopyOnWriteArrayList<>();
    cluster
        .node("b")
        .serve(Service.named("numbered")
            .method(
                "attempt",
                r -> {
                  attempts.add(r.attempt());
                  if (r.attempt() == 1) {
                    firstRuns.countDown();
                    pass(release);
                  }
                  return r.message();
                },
                Trait.IDEMPOTENT));
    RemoteService numbered = cluster.node("a").service("numbered");
    assertThat(get(cutInTheMiddle(numbered.callAsync("attempt", "x", String.class))))
        .isEqualTo("x");
    // A second attempt may have met the dying link and not come so far.
    assertThat(attempts).hasSize(2).startsWith(1);
    assertThat(attempts.get(1)).isGreaterThan(1);
  }
}
