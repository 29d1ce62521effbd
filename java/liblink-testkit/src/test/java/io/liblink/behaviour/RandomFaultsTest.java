package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.awaitNothingInFlight;
import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.ended;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten thousand calls while the network does what it likes: each ends right, or says how not. */
class RandomFaultsTest {
  private static final int THREADS = 64;
  private static final int CALLS = 10_000;
  private static final Logger TRANSPORT = Logger.getLogger("io.liblink.transport");
  private static final List<String> SERVERS = List.of("b", "c", "d");

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<Status, AtomicInteger> outcomes = new EnumMap<>(Status.class);
  private final AtomicInteger left = new AtomicInteger(CALLS);
  private final AtomicInteger made = new AtomicInteger();

  /** Handshakes that break are logged, and here they break by the dozen. */
  @BeforeAll
  static void quiet() {
    TRANSPORT.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    TRANSPORT.setLevel(null);
  }

  private static Service service(AtomicInteger runs) {
    return Service.named("echo")
        .method("worker", r -> counted(runs, r.message()))
        .method("loop", r -> counted(runs, r.message()), Trait.NON_BLOCKING)
        .method("again", r -> counted(runs, r.message()), Trait.IDEMPOTENT)
        .method("fails", r -> {
          counted(runs, r.message());
          throw new LinkException(Status.ABORTED, number(r.message().text()));
        });
  }

  private static Message counted(AtomicInteger runs, Message message) {
    runs.incrementAndGet();
    return message;
  }

  @ParameterizedTest
  @EnumSource(
      value = TlsProvider.class,
      names = {"BORINGSSL", "JDK"})
  void everyCallEndsWithItsOwnReplyOrATypedFailure(TlsProvider tls) throws InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    for (Status s : Status.values()) {
      outcomes.put(s, new AtomicInteger());
    }
    AtomicInteger runs = new AtomicInteger();
    try (Leaks leaks = new Leaks();
        TestCluster cluster = TestCluster.builder()
            .options(o -> o.tls(tls).timeouts(t -> t.call(Duration.ofSeconds(2))))
            .start("a", "b", "c", "d")) {
      SERVERS.forEach(s -> cluster.node(s).serve(service(runs)));
      RemoteService echo = cluster.node("a").service("echo");
      echo.awaitReady(3, Duration.ofSeconds(10));
      List<Thread> callers = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        Thread caller = new Thread(() -> {
          while (left.getAndDecrement() > 0) {
            call(echo, random);
          }
        });
        caller.start();
        callers.add(caller);
      }
      harm(cluster, new Random(seed));
      for (Thread caller : callers) {
        caller.join(TimeUnit.SECONDS.toMillis(30));
      }
      String seen = "seed " + seed + ": " + outcomes;
      assertThat(wrong).as(seen).isEmpty();
      assertThat(made).as(seen).hasValue(CALLS);
      await("every call is counted", () -> ended(cluster.node("a")) == CALLS);
      assertThat(count(cluster.node("a"), "calls.ended.OK"))
          .as(seen)
          .isEqualTo(outcomes.get(Status.OK).get())
          .isGreaterThan(CALLS / 20);
      for (String s : SERVERS) {
        awaitNothingInFlight(cluster.node(s));
      }
      assertThat(runs.get())
          .as(seen)
          .isGreaterThanOrEqualTo(outcomes.get(Status.OK).get());
      await("all is well again", () -> answers(echo));
      for (String s : SERVERS) {
        cluster.node(s).close();
      }
      cluster.close();
      assertThat(leaks.found()).as(seen).isEmpty();
    }
  }

  private static boolean answers(RemoteService echo) {
    try {
      return echo.call("again", "hi", String.class).equals("hi");
    } catch (LinkException e) {
      return false;
    }
  }

  private void call(RemoteService echo, Random random) {
    String method = List.of("worker", "loop", "again", "fails").get(random.nextInt(4));
    int size = random.nextInt(20) == 0 ? 20_000 + random.nextInt(300_000) : random.nextInt(100);
    String text = made.incrementAndGet() + " " + "x".repeat(size);
    try {
      String reply = random.nextBoolean()
          ? echo.call(method, text, String.class)
          : Calls.get(echo.callAsync(method, text, String.class));
      outcomes.get(Status.OK).incrementAndGet();
      if (!reply.equals(text)) {
        wrong.add("another's reply: " + number(reply) + " to " + number(text));
      }
    } catch (LinkException e) {
      failed(e, method, text);
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof LinkException link) {
        failed(link, method, text);
      } else {
        wrong.add("not typed: " + e);
      }
    } catch (Throwable e) {
      wrong.add("not typed: " + e);
    }
  }

  private static String number(String text) {
    return text.substring(0, text.indexOf(' '));
  }

  private void failed(LinkException e, String method, String text) {
    outcomes.get(e.status()).incrementAndGet();
    switch (e.status()) {
      case ABORTED -> {
        if (!method.equals("fails") || !e.problem().equals(number(text))) {
          wrong.add("another's failure: " + e + " to " + number(text));
        }
      }
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> {}
      case UNAUTHENTICATED -> {
        // A connection cut between TLS and HELLO looks as if the acceptor had closed it: refused.
        if (e.stage() != Stage.CONNECT || e.ran() != Ran.NO) {
          wrong.add(e.toString());
        }
      }
      default -> wrong.add(e.toString());
    }
  }

  /** Until the calls are over, then heals. */
  private void harm(TestCluster cluster, Random random) {
    while (left.get() > 0) {
      String server = SERVERS.get(random.nextInt(3));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> cluster.inject(Fault.cut(), "a", server);
        case 3 -> brief(cluster.inject(Fault.refuse(), "a", server), random, 20);
        case 4 -> brief(cluster.inject(Fault.stall(), "a", server), random, 20);
        case 5 ->
          brief(
              cluster.inject(Fault.delay(Duration.ofMillis(1 + random.nextInt(3))), "a"),
              random,
              30);
        case 6 -> brief(cluster.inject(Fault.registryLost(), "a"), random, 10);
        default -> {}
      }
      pause(random.nextInt(40));
    }
    cluster.heal();
  }

  private static void brief(TestCluster.Injected fault, Random random, int most) {
    pause(random.nextInt(most));
    fault.close();
  }

  /** How long a fault lasts: part of what is injected, and nothing that the test waits for. */
  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void aLeakWouldBeNoticed() {
    try (Leaks leaks = new Leaks()) {
      leak();
      leaks.awaitOne();
    }
  }

  private static void leak() {
    for (int i = 0; i < 10; i++) {
      ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(100);
      lost.writeByte(1);
    }
  }
}
