package io.liblink.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * One turn of reading on a link, and what is put off until everything that could be read was read.
 * Belongs to the event loop.
 */
final class ReadTurn {
  private final ParkedThreads parked = new ParkedThreads();
  private final List<Runnable> after = new ArrayList<>();
  private boolean reading;
  private long at;

  void begin(long now) {
    reading = true;
    at = now;
  }

  void end() {
    reading = false;
  }

  /** Whether a turn is going on: a flush follows. */
  boolean isReading() {
    return reading;
  }

  /** When the turn began. */
  long at() {
    return at;
  }

  /** Runs it at the end of the turn, or now when there is none. */
  void after(Runnable task) {
    if (reading) {
      after.add(task);
    } else {
      task.run();
    }
  }

  /** Everything was read: does what was put off. It may put off more. */
  void runAfter() {
    for (int i = 0; i < after.size(); i++) {
      after.get(i).run();
    }
    after.clear();
  }

  /** Has the thread woken at the end of the turn. */
  void unpark(Thread thread) {
    parked.add(thread);
  }

  void wakeParked(LinkEvents events, EventLoop loop) {
    parked.wake(events, loop);
  }
}
