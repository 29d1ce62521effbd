package io.liblink.registry.etcd;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The numbers, and why. */
final class Rules {
  /** How long etcd keeps the keys of a node that says nothing, unless the URI has another. */
  static final Duration TTL = Duration.ofSeconds(10);

  /** Below, a pause of the JVM costs the lease; etcd itself raises what is under 2 s. */
  static final Duration LEAST_TTL = Duration.ofSeconds(2);

  /** Above, a crash is seen too late to be of use. */
  static final Duration MOST_TTL = Duration.ofHours(1);

  /** A beat this often in the time that a lease lives: two may be lost. */
  static final int BEATS = 3;

  /** Each so many-th beat looks whether the node's keys are there as they were written. */
  static final int VERIFY_EVERY = 3;

  /** How long an answer may take before another member is asked. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The same for answers that may be large. */
  static final Duration PATIENCE_FOR_PAGES = Duration.ofSeconds(5);

  /**
   * A watch that says nothing looks like one that has nothing to say, so it is compared with etcd
   * after it was opened and then this often, or as often as a lease lives when that is less.
   */
  private static final Duration CHECK = Duration.ofSeconds(5);

  static long checkNanos(Duration ttl) {
    return (ttl.compareTo(CHECK) < 0 ? ttl : CHECK).toNanos();
  }

  /** Each instance makes comparing that much rarer: etcd walks over all of them for it. */
  static final long CHECK_NANOS_PER_KEY = TimeUnit.MILLISECONDS.toNanos(25);

  /** The rarest, however many there are. */
  static final long MOST_CHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A comparison that does not fit is made again after so long: the watch may be on its way. */
  static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Intervals vary by so much either way, lest all nodes ask at once. */
  static final double JITTER = 0.2;

  /** The first wait after a failure is at most this, then twice that. */
  static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The longest wait between tries. */
  static final long MOST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** One service's key is written at most this often; what changes faster is written once. */
  static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Listeners are told at most this often, so that a service that flaps does not keep them busy. */
  static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * What vanished without a word is shown so much longer: a node that lives and lost its lease
   * notices with its next beat and is back.
   */
  static Duration grace(Duration ttl) {
    return ttl.dividedBy(BEATS).plus(PATIENCE);
  }

  /** What vanished while etcd was in trouble is kept so long, see Quarantine. */
  static Duration keep(Duration ttl) {
    Duration threeTimes = ttl.multipliedBy(3);
    return threeTimes.compareTo(Duration.ofSeconds(30)) > 0 ? threeTimes : Duration.ofSeconds(30);
  }

  /** Keys read at once, unless they turn out to be large. */
  static final int PAGE = 500;

  /** Keys of one service that are read at most; the rest is skipped. */
  static final int MOST_KEYS = 10_000;

  /** Names of services that are listed at most. */
  static final int MOST_NAMES = 100_000;

  /** The largest value that is written or read. etcd itself takes 1.5 MiB in one request. */
  static final int MOST_VALUE_BYTES = 256 << 10;

  /**
   * The largest answer, and the largest line of a watch, that is read: some times what one key of
   * etcd can hold, and a tenth of what a page of strangers' could.
   */
  static final int MOST_ANSWER_BYTES = 16 << 20;

  /** Comparisons in one transaction; etcd's own limit is 128 unless it was raised. */
  static final int MOST_COMPARISONS = 100;

  /** How long closing may take. */
  static final Duration CLOSE = Duration.ofSeconds(2);

  private Rules() {}
}
