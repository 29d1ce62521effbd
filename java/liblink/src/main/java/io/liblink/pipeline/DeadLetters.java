package io.liblink.pipeline;

import io.liblink.delivery.DeadLetter;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the items that were given up to the user's handler, one at a time, on a worker. Bounded by the
 * producer's buffer: until the handler returned they count there.
 */
final class DeadLetters {
  private final ItemProducer producer;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final ArrayDeque<PushedItem> letters = new ArrayDeque<>();
  private boolean running;

  DeadLetters(ItemProducer producer) {
    this.producer = producer;
  }

  void add(List<PushedItem> items) {
    lock.lock();
    try {
      letters.addAll(items);
      if (running) {
        return;
      }
      running = true;
    } finally {
      lock.unlock();
    }
    producer.owner().work(this::run);
  }

  private void run() {
    for (PushedItem item = next(); item != null; item = next()) {
      DeadLetter letter =
          new DeadLetter(item.id(), item.message(), item.sent, item.trouble().causes());
      producer.owner().dead.increment();
      producer.buried(item, failure(item, letter), handle(letter));
    }
  }

  private @Nullable PushedItem next() {
    lock.lock();
    try {
      PushedItem item = letters.poll();
      running = item != null;
      return item;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the handler took it. */
  private boolean handle(DeadLetter letter) {
    Consumer<DeadLetter> handler = producer.options().deadLetter();
    if (handler == null) {
      Producers.log().log(
          System.Logger.Level.ERROR,
          "item " + letter.id() + " of " + producer.queue() + " is given up after "
              + letter.attempts() + " attempts and nothing takes it"
              + " (ProducerOptions.deadLetter)",
          last(letter));
      return true;
    }
    try {
      handler.accept(letter);
      return true;
    } catch (Throwable e) {
      Producers.log().log(
          System.Logger.Level.ERROR,
          "the dead-letter handler of " + producer.queue() + " failed with item " + letter.id(),
          e);
      return false;
    }
  }

  private static LinkException last(DeadLetter letter) {
    return letter.causes().get(letter.causes().size() - 1);
  }

  private LinkException failure(PushedItem item, DeadLetter letter) {
    LinkException last = last(letter);
    Ran ran = Ran.NO;
    for (LinkException cause : letter.causes()) {
      ran = cause.ran().compareTo(ran) > 0 ? cause.ran() : ran;
    }
    Status status = last.status();
    LinkException failure = LinkException.failure(
            status,
            last.stage() == Stage.SEND ? Stage.SEND : Stage.HANDLE,
            "the item was given up after " + letter.attempts() + " attempts; the last failed with: "
                + last.problem())
        .ran(ran)
        .instance(last.instance())
        .address(last.address())
        .attempts(letter.attempts())
        .elapsed(Duration.ofNanos(Math.max(0, producer.now() - item.pushedNanos)))
        .withoutStackTrace()
        .build();
    letter.causes().forEach(failure::addSuppressed);
    return failure;
  }
}
