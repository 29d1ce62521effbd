package io.liblink.rpc;

import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a link's event loop hands to the workers: calls of short methods as batches, all others one by
 * one. While batches are going it looks every millisecond whether one is stuck. Counts what is in flight
 * for the link. Belongs to the event loop of its link.
 */
final class Batches {
  private static final long LOOK_NANOS = 1_000_000;

  private final Link link;
  private final Workers workers;
  private final TimeSource time;
  private final List<ServerCall> collected = new ArrayList<>();
  private final List<Batch> going = new ArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private boolean looking;

  Batches(Link link, Workers workers, TimeSource time) {
    this.link = link;
    this.workers = workers;
    this.time = time;
  }

  /** Requests of this link in flight. Any thread. */
  int inFlight() {
    return inFlight.get();
  }

  /** One more is in flight; returns how many were before. */
  int enter() {
    return inFlight.getAndIncrement();
  }

  /** One less. Any thread. */
  void leave() {
    inFlight.getAndDecrement();
  }

  /** Takes a call; it starts with {@link #handOver} at the latest. */
  void add(ServerCall call) {
    if (call.target().isShort()) {
      collected.add(call);
    } else {
      workers.execute(() -> {
        long start = time.nanos();
        call.execute(start, null);
        call.target().took(time.nanos() - start);
      });
    }
  }

  /** The read batch is over. */
  void handOver() {
    if (collected.isEmpty()) {
      return;
    }
    Batch batch = new Batch(collected.toArray(new ServerCall[0]), link, time);
    collected.clear();
    workers.execute(batch);
    going.add(batch);
    if (!looking) {
      looking = true;
      link.schedule(this::look, LOOK_NANOS);
    }
  }

  private void look() {
    going.removeIf(Batch::isDone);
    for (Batch batch : going) {
      if (batch.isStuck()) {
        workers.execute(batch);
      }
    }
    looking = !going.isEmpty();
    if (looking) {
      link.schedule(this::look, LOOK_NANOS);
    }
  }
}
