package io.liblink.work;

import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Short jobs that were read together, run one after another by one worker: handing over a hundred
 * costs what handing over one does. Should a job turn out long, others take over the rest: {@link
 * Batches} has the batch run by one more worker, and every job still runs exactly once.
 */
final class Batch implements Runnable {
  private final Job[] jobs;
  private final Link link;
  private final TimeSource time;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;

  // On the event loop only.
  private int seenAt = -1;

  /** Whether a worker was asked for that did not begin yet: until then no other is asked for. */
  private volatile boolean asked = true;

  // The runner that may be stuck; others only flush it.
  private volatile Replies[] runners = new Replies[0];

  Batch(Job[] jobs, Link link, TimeSource time) {
    this.jobs = jobs;
    this.link = link;
    this.time = time;
    this.left = new AtomicInteger(jobs.length);
  }

  @Override
  public void run() {
    asked = false;
    Replies replies = new Replies(link);
    addRunner(replies);
    try {
      long now = time.nanos();
      for (int i = next.getAndIncrement(); i < jobs.length; i = next.getAndIncrement()) {
        Job job = jobs[i];
        try {
          job.execute(now, replies);
        } finally {
          left.decrementAndGet();
        }
        long after = time.nanos();
        job.pace().took(after - now);
        now = after;
      }
    } finally {
      replies.flush();
    }
  }

  private synchronized void addRunner(Replies replies) {
    Replies[] more = java.util.Arrays.copyOf(runners, runners.length + 1);
    more[runners.length] = replies;
    runners = more;
  }

  /** Whether every job was run. */
  boolean isDone() {
    return left.get() == 0;
  }

  /**
   * On the event loop: hands over what is made; true when no job was begun since the last look and
   * one more worker is to run it. Each of them begins a job, so there are never more than jobs.
   */
  boolean isStuck() {
    int at = next.get();
    boolean stuck = !asked && at == seenAt && at < jobs.length;
    seenAt = at;
    asked |= stuck;
    if (at == jobs.length || stuck) {
      for (Replies r : runners) {
        r.flush();
      }
    }
    return stuck;
  }
}
