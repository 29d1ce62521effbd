package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionQueueTest {
  private static final int PRODUCERS = 8;
  private static final int EACH = 20_000;

  private final SessionQueue queue = new SessionQueue();

  @Test
  void tasksComeOutInTheOrderTheyWereAdded() {
    assertThat(queue.add(new Numbered(0, 0))).isEqualTo(SessionQueue.Added.FIRST);
    assertThat(queue.add(new Numbered(0, 1))).isEqualTo(SessionQueue.Added.MORE);
    assertThat(queue.isEmpty()).isFalse();
    SessionQueue.Batch batch = queue.take();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(number(batch)).isZero();
    assertThat(batch.isEmpty()).isFalse();
    assertThat(queue.add(new Numbered(0, 2))).isEqualTo(SessionQueue.Added.FIRST);
    assertThat(number(batch)).isEqualTo(1);
    assertThat(batch.isEmpty()).isTrue();
    assertThat(batch.poll()).isNull();
    assertThat(number(queue.take())).isEqualTo(2);
    assertThat(queue.take().poll()).isNull();
  }

  @Test
  void aBatchMovesToAnotherQueueInItsOrder() {
    SessionQueue from = new SessionQueue();
    for (int i = 0; i < 5; i++) {
      from.add(new Numbered(0, i));
    }
    SessionQueue.Batch moved = from.take();
    assertThat(number(moved)).isZero(); // a part was polled before
    queue.add(new Numbered(0, -1));
    assertThat(queue.addAll(moved)).isEqualTo(SessionQueue.Added.MORE);
    assertThat(moved.isEmpty()).isTrue();
    assertThat(queue.addAll(moved)).isEqualTo(SessionQueue.Added.MORE); // nothing
    SessionQueue.Batch all = queue.take();
    for (int expected : new int[] {-1, 1, 2, 3, 4}) {
      assertThat(number(all)).isEqualTo(expected);
    }
    assertThat(all.poll()).isNull();
  }

  @Test
  void lateTasksLeaveABatchAndTheOthersKeepTheirOrder() {
    for (String late : List.of("", "0", "4", "2", "01", "34", "024", "01234")) {
      SessionQueue.Batch batch = new SessionQueue().take();
      for (int i = 0; i < 5; i++) {
        queue.add(new Numbered(0, i, late.contains("" + i)));
        batch.append(queue.take());
      }
      batch.dropLate(null, 0);
      for (int i = 0; i < 5; i++) {
        if (!late.contains("" + i)) {
          assertThat(number(batch)).as("without " + late).isEqualTo(i);
        }
      }
      assertThat(batch.isEmpty()).as("without " + late).isTrue();
    }
  }

  @Test
  void aClosedQueueTakesNothingAndGivesTheTaskBack() {
    queue.add(new Numbered(0, 0));
    SessionQueue.Batch left = queue.close();
    assertThat(number(left)).isZero();
    assertThat(queue.add(new Numbered(0, 1))).isEqualTo(SessionQueue.Added.CLOSED);
    assertThat(queue.take().poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
    SessionQueue from = new SessionQueue();
    from.add(new Numbered(0, 2));
    from.add(new Numbered(0, 3));
    SessionQueue.Batch batch = from.take();
    assertThat(queue.addAll(batch)).isEqualTo(SessionQueue.Added.CLOSED);
    assertThat(number(batch)).isEqualTo(2);
    assertThat(number(batch)).isEqualTo(3);
    assertThat(queue.close().poll()).isNull();
  }

  /**
   * Producers add one by one and in batches, and wake the consumer as the link does: when the queue
   * was empty. In the end nothing is lost, nothing comes twice, each producer's order is kept, and no
   * wake-up is missed. In the middle of it the queue is closed in half of the rounds.
   */
  @Test
  void underManyThreadsNothingIsLostAndEachProducersOrderIsKept() throws Exception {
    for (int round = 0; round < 4; round++) {
      new Stress(round % 2 == 1).run();
    }
  }

  private static int number(SessionQueue.Batch batch) {
    SessionTask task = batch.poll();
    assertThat(task).isNotNull();
    return ((Numbered) task).number;
  }

  private static final class Stress {
    private final SessionQueue queue = new SessionQueue();
    private final java.util.concurrent.Semaphore wakes = new java.util.concurrent.Semaphore(0);
    private final AtomicInteger rejected = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(PRODUCERS);
    private final boolean closes;
    private final int[] next = new int[PRODUCERS];
    private int taken;

    Stress(boolean closes) {
      this.closes = closes;
    }

    void run() throws Exception {
      List<Thread> threads = new ArrayList<>();
      for (int p = 0; p < PRODUCERS; p++) {
        int producer = p;
        Thread t = new Thread(() -> produce(producer));
        threads.add(t);
        t.start();
      }
      boolean closed = false;
      while (!closed && (done.getCount() > 0 || !queue.isEmpty())) {
        if (wakes.tryAcquire(1, TimeUnit.MILLISECONDS)) {
          consume(queue.take());
        }
        if (closes && taken > PRODUCERS * EACH / 2) {
          consume(queue.close());
          closed = true;
        }
      }
      for (Thread t : threads) {
        t.join();
      }
      while (wakes.tryAcquire()) {
        consume(queue.take());
      }
      assertThat(taken + rejected.get()).isEqualTo(PRODUCERS * EACH);
      if (!closed) {
        assertThat(rejected).hasValue(0);
      }
    }

    private void produce(int producer) {
      SessionQueue own = new SessionQueue();
      for (int i = 0; i < EACH; i++) {
        if (i % 7 < 3) {
          own.add(new Numbered(producer, i));
          if (i % 7 == 2 || i == EACH - 1) {
            SessionQueue.Batch batch = own.take();
            told(queue.addAll(batch), 0);
            while (batch.poll() != null) {
              rejected.incrementAndGet();
            }
          }
        } else {
          told(queue.add(new Numbered(producer, i)), 1);
        }
      }
      done.countDown();
    }

    private void told(SessionQueue.Added added, int ifClosed) {
      switch (added) {
        case FIRST -> wakes.release();
        case MORE -> {}
        case CLOSED -> rejected.addAndGet(ifClosed);
      }
    }

    private void consume(SessionQueue.Batch batch) {
      for (SessionTask t = batch.poll(); t != null; t = batch.poll()) {
        Numbered n = (Numbered) t;
        assertThat(n.number)
            .as("of producer %d", n.producer)
            .isGreaterThanOrEqualTo(next[n.producer]);
        next[n.producer] = n.number + 1;
        taken++;
      }
    }
  }

  private static final class Numbered extends SessionTask {
    final int producer;
    final int number;
    final boolean late;

    Numbered(int producer, int number) {
      this(producer, number, false);
    }

    Numbered(int producer, int number, boolean late) {
      this.producer = producer;
      this.number = number;
      this.late = late;
    }

    @Override
    public boolean isLate(Session session, long now) {
      return late;
    }

    @Override
    public void run(Session session, long now) {}

    @Override
    public void abandon(String reason, long now) {}
  }
}
