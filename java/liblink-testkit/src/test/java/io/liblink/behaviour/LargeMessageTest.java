package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.count;
import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large messages: up to the limit, not beyond, and in nobody's way. */
class LargeMessageTest {
  private static final int LIMIT = 3_000_000;

  private TestCluster cluster;
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void end() {
    cluster.close();
  }

  private RemoteService start(int ofCaller, int ofCallee) {
    cluster = TestCluster.builder()
        .options("a", o -> o.limits(l -> l.messageBytes(ofCaller)))
        .options("b", o -> o.limits(l -> l.messageBytes(ofCallee)))
        .start("a", "b");
    cluster
        .node("b")
        .serve(Service.named("large")
            .method("echo", r -> {
              runs.incrementAndGet();
              return r.message();
            })
            .method("size", r -> Message.text("" + r.message().payload().length))
            .method("make", Integer.class, n -> {
              runs.incrementAndGet();
              return new byte[n];
            })
            .method("small", r -> r.message(), Trait.NON_BLOCKING));
    return cluster.node("a").service("large").timeout(Duration.ofMinutes(1));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void everySizeAroundTheEdgesTravelsWhole() {
    RemoteService large = start(LIMIT, LIMIT);
    for (int edge : new int[] {16 * 1024, 32 * 1024, 64 * 1024, 256 * 1024, 1 << 20}) {
      for (int size = edge - 2; size <= edge + 2; size++) {
        byte[] sent = random(size);
        assertThat(Arrays.equals(large.call("echo", sent, byte[].class), sent))
            .as(size + " bytes")
            .isTrue();
      }
    }
    assertThat(large.call("echo", random(LIMIT), byte[].class)).hasSize(LIMIT);
  }

  @Test
  void aRequestAboveTheCallersLimitIsNeverSent() {
    RemoteService large = start(LIMIT, 2 * LIMIT);
    LinkException e = failure(() -> large.call("echo", new byte[LIMIT + 1], byte[].class));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.stage()).isEqualTo(Stage.SEND);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.attempts()).isZero();
    assertThat(e.problem()).contains("" + (LIMIT + 1)).contains("" + LIMIT);
    assertThat(runs).hasValue(0);
  }

  @Test
  void aRequestAboveTheCalleesLimitIsRefusedThere() {
    RemoteService large = start(2 * LIMIT, LIMIT);
    LinkException e = failure(() -> large.call("echo", new byte[LIMIT + 1], byte[].class));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.stage()).isEqualTo(Stage.SEND);
    assertThat(e.ran()).isEqualTo(Ran.NO);
    assertThat(e.problem()).contains("" + LIMIT);
    assertThat(runs).hasValue(0);
    assertThat(count(cluster.node("b"), "drop.message_too_large")).isEqualTo(1);
    assertThat(large.call("echo", "still", String.class)).isEqualTo("still");
    assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(1);
  }

  @Test
  void aReplyAboveTheCallersLimitIsRefusedWhereItIsMade() {
    RemoteService large = start(LIMIT, 2 * LIMIT);
    assertThat(large.call("make", LIMIT, byte[].class)).hasSize(LIMIT);
    LinkException e = failure(() -> large.call("make", LIMIT + 1, byte[].class));
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(e.ran()).isEqualTo(Ran.YES);
    assertThat(large.call("make", 10, byte[].class)).hasSize(10);
  }

  @Test
  void aTransferDelaysNoSmallCall() {
    RemoteService large = start(16 << 20, 16 << 20);
    large.call("small", "warm", String.class);
    // With this round trip a transfer takes many of them, and a small call takes one.
    cluster.inject(Fault.delay(Duration.ofMillis(5)), "a", "b");
    CompletableFuture<String> transfer = large.callAsync("size", new byte[16 << 20], String.class);
    int small = 0;
    while (!transfer.isDone()) {
      large.call("small", "hi", String.class);
      small++;
    }
    assertThat(get(transfer)).isEqualTo("" + (16 << 20));
    // One round trip each, and the transfer many; behind it, there would be one in all.
    assertThat(small).as("small calls during the transfer").isGreaterThan(2);
  }

  @Test
  void manyTransfersBothWaysAtOnceAllArrive() {
    RemoteService large = start(LIMIT, LIMIT);
    byte[] sent = random(LIMIT - 1);
    List<CompletableFuture<byte[]>> calls = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      calls.add(large.callAsync("echo", sent, byte[].class));
    }
    assertThat(calls).allSatisfy(c -> assertThat(Arrays.equals(get(c), sent)).isTrue());
  }

  @Test
  void unfinishedMessagesOnALinkAreBounded() {
    RemoteService large = start(LIMIT, LIMIT); // six million bytes may be unfinished
    List<CompletableFuture<byte[]>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      calls.add(large.callAsync("echo", new byte[LIMIT], byte[].class));
    }
    int good = 0;
    for (CompletableFuture<byte[]> call : calls) {
      try {
        assertThat(get(call)).hasSize(LIMIT);
        good++;
      } catch (java.util.concurrent.CompletionException e) {
        assertThat(failure(call).status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
      }
    }
    assertThat(good).isBetween(2, 6);
    assertThat(large.call("echo", new byte[LIMIT], byte[].class)).hasSize(LIMIT);
  }

  @Test
  void aTransferThatIsCancelledLeavesNothingBehind() {
    RemoteService large = start(LIMIT, LIMIT);
    large.call("small", "warm", String.class);
    for (int i = 0; i < 20; i++) {
      CompletableFuture<byte[]> call = large.callAsync("echo", new byte[LIMIT], byte[].class);
      large.call("small", "hi", String.class);
      call.cancel(true);
    }
    assertThat(large.call("echo", new byte[LIMIT], byte[].class)).hasSize(LIMIT);
    Calls.awaitNothingInFlight(cluster.node("b"));
    assertThat(count(cluster.node("a"), "links.opened")).isEqualTo(1);
  }
}
