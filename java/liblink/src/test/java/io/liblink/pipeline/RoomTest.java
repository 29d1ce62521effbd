package io.liblink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final ReentrantLock lock = new ReentrantLock();
  private final Room room = new Room("the buffer", "option", lock, 3, 100);
  private final List<String> in = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    threads.forEach(Thread::interrupt);
  }

  private boolean take(int items, long bytes) {
    lock.lock();
    try {
      return room.take(items, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void give(int items, long bytes) {
    lock.lock();
    try {
      room.give(items, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Waits in another thread, which is waiting when this returns. */
  private CompletableFuture<Boolean> waits(String name, int items, long bytes) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      lock.lock();
      try {
        boolean got = room.await(items, bytes);
        in.add(name);
        done.complete(got);
      } catch (InterruptedException e) {
        done.completeExceptionally(e);
      } finally {
        lock.unlock();
      }
    });
    threads.add(thread);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return done;
  }

  private static boolean get(CompletableFuture<Boolean> done) throws Exception {
    return done.get(20, TimeUnit.SECONDS);
  }

  @Test
  void itIsBoundedInItemsAndInBytes() {
    assertThat(take(2, 10)).isTrue();
    assertThat(take(2, 10)).isFalse();
    assertThat(take(1, 91)).isFalse();
    assertThat(take(1, 90)).isTrue();
    assertThat(room.text()).contains("3 of 3 items", "100 of 100 bytes", "option");
  }

  @Test
  void whatWouldNeverFitFindsRoomWhenThereIsNothingElse() {
    assertThat(take(1, 1)).isTrue();
    assertThat(take(10, 1_000)).isFalse();
    give(1, 1);
    assertThat(take(10, 1_000)).isTrue();
    assertThat(take(1, 1)).isFalse();
  }

  @Test
  void whoWaitsGetsRoomInTheOrderInWhichTheyCame() throws Exception {
    assertThat(take(3, 30)).isTrue();
    CompletableFuture<Boolean> large = waits("large", 2, 20);
    CompletableFuture<Boolean> small = waits("small", 1, 10);
    give(1, 10);
    assertThat(take(1, 10)).as("others were here before").isFalse();
    assertThat(large).isNotDone();
    give(1, 10);
    assertThat(get(large)).isTrue();
    assertThat(small).isNotDone();
    give(1, 10);
    assertThat(get(small)).isTrue();
    assertThat(in).containsExactly("large", "small");
  }

  @Test
  void whoGivesUpLetsTheNextIn() throws Exception {
    assertThat(take(2, 30)).isTrue();
    CompletableFuture<Boolean> large = waits("large", 2, 20);
    CompletableFuture<Boolean> small = waits("small", 1, 10);
    threads.get(0).interrupt();
    assertThatThrownBy(() -> get(large)).hasCauseInstanceOf(InterruptedException.class);
    assertThat(get(small)).isTrue();
    assertThat(room.items()).isEqualTo(3);
  }

  @Test
  void closingSendsAllAway() throws Exception {
    assertThat(take(3, 30)).isTrue();
    CompletableFuture<Boolean> one = waits("one", 1, 1);
    CompletableFuture<Boolean> two = waits("two", 1, 1);
    lock.lock();
    room.close();
    lock.unlock();
    assertThat(get(one)).isFalse();
    assertThat(get(two)).isFalse();
    assertThat(room.items()).isEqualTo(3);
  }
}
