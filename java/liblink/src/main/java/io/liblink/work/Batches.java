package io.liblink.work;

import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a link's event loop hands to the workers: short jobs in batches, all others one by one. While batches are going it looks every millisecond whether one is stuck. Counts what is in flight
 * for the link. Belongs to the event loop of its link.
 */
public final class Batches {
  private static final long LOOK_NANOS = 1_000_000;

  private final Link link;
  private final Executor workers;
  private final TimeSource time;
  private final List<Job> collected = new ArrayList<>();
  private final List<Batch> going = new ArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private boolean looking;

  /** The batches of that link. On its event loop. */
  public static Batches of(Link link, Executor workers, TimeSource time) {
    if (link.attachment() instanceof Batches known) {
      return known;
    }
    Batches made = new Batches(link, workers, time);
    link.attach(made);
    return made;
  }

  private Batches(Link link, Executor workers, TimeSource time) {
    this.link = link;
    this.workers = workers;
    this.time = time;
  }

  /** Requests of this link in flight. Any thread. */
  public int inFlight() {
    return inFlight.get();
  }

  /** One more is in flight; returns how many were before. */
  public int enter() {
    return inFlight.getAndIncrement();
  }

  /** One less. Any thread. */
  public void leave() {
    inFlight.getAndDecrement();
  }

  /** Takes a job; it starts, at the latest, when all that could be read for now was read. */
  public void add(Job job) {
    if (job.pace().isShort()) {
      collected.add(job);
      if (collected.size() == 1) {
        link.afterRead(this::handOver);
      }
    } else {
      workers.execute(() -> {
        long start = time.nanos();
        job.execute(start, null);
        job.pace().took(time.nanos() - start);
      });
    }
  }

  private void handOver() {
    if (collected.isEmpty()) {
      return;
    }
    Batch batch = new Batch(collected.toArray(new Job[0]), link, time);
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
