package io.liblink.work;

import org.jspecify.annotations.Nullable;

/** A piece of users' work for a worker: runs once, alone or in a batch. */
public interface Job {
  /**
   * Runs it, on a worker.
   *
   * @param now the time of the start
   * @param collector for what it answers before it returns; null when it is alone
   */
  void execute(long now, @Nullable Replies collector);

  /** How long jobs of its kind take. */
  Pace pace();
}
