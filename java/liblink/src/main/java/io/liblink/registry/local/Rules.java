package io.liblink.registry.local;

import java.util.concurrent.TimeUnit;

/**
 * The numbers of {@code spec/registry-local.md}. A crash without evidence is seen after at most
 * {@link #SCAN_NANOS} (the last beat is noticed late) + {@link #STALE_NANOS} + {@link #SCAN_NANOS},
 * 2.2 s: a beat may be missed three times in a row before that.
 */
final class Rules {
  /** The version of the entry format that is written, and the highest that is read. */
  static final int FORMAT = 1;

  /** A node renews its file this often. */
  static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** Files are looked at this often, for beats. */
  static final long SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** The directory is looked at this often, for entries that came, went or were replaced. */
  static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** An entry without a beat for so long is left out, when its process can't be asked about. */
  static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(1800);

  /** The same for a process that is seen to run: a starved machine must not empty the views. */
  static final long STALE_RUNNING_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A file without a beat for so long is removed. Its owner, if it ever wakes, writes it again. */
  static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);

  /**
   * The most that one look adds to an entry's age: time in which the reader itself was stopped is
   * not evidence against anybody.
   */
  static final long CREDIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A temporary file this old was left by a crash. */
  static final long TEMPORARY_MILLIS = TimeUnit.MINUTES.toMillis(1);

  /** A directory whose time is this close to now may change again without its time changing. */
  static final long COARSE_MILLIS = 100;

  /** The largest entry that is written or read: a thousand endpoints take a tenth of it. */
  static final int MAX_ENTRY_BYTES = 1 << 20;

  /** All entries together, at most; the rest is skipped. */
  static final long MAX_TOTAL_BYTES = 64L << 20;

  /** Files looked at in one directory, at most; the rest is skipped. */
  static final int MAX_FILES = 10_000;

  /** A write that failed is tried again after so long, then twice that, up to the maximum. */
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The longest wait between tries. */
  static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A look at the files may take this share of the time: one part in ten. */
  static final int SCAN_SHARE = 10;

  private Rules() {}
}
