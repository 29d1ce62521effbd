package io.liblink.registry.local;

import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * One file as a reader has seen it, and the rules by which it counts. Age is the time in which this
 * reader looked and saw no beat: clocks of others are compared once, at the first look, and steps of
 * the clock change nothing after that. Used by the registry's thread only.
 */
final class Sighting {
  /** What the file said when it was read last; null when it was no entry. */
  private @Nullable Entry entry;

  /** Why it is no entry, or could not be read again; empty when all is well. */
  private String why = "";

  /** Its time when it was looked at last; null to read it again whatever its time. */
  private @Nullable FileTime modified;

  private long size;
  private long ageNanos;
  private boolean present = true;
  private boolean live;
  private long scan;

  // Looks.

  /**
   * The first look: by the time in the file, unless the process itself is seen to run, which a clock
   * that was set can't hide.
   *
   * @param wallAgeMillis how long ago the last beat was, by the clock; negative when it seems to come
   */
  void first(long wallAgeMillis, Processes.Life life) {
    // No older than stale: only what this reader watched for long enough is ever removed for age.
    long millis = Math.min(Math.max(wallAgeMillis, 0), Rules.STALE_NANOS / 1_000_000);
    ageNanos = life == Processes.Life.RUNNING ? 0 : millis * 1_000_000;
  }

  /** Its time had changed: it lives. */
  void beat() {
    ageNanos = 0;
  }

  /** Nothing had changed since the look {@code nanos} ago. */
  void silent(long nanos) {
    ageNanos += Math.min(nanos, Rules.CREDIT_NANOS);
  }

  /** The file was gone, along with most others or with its directory: kept for a while. */
  void vanish() {
    ageNanos = 0;
    present = false;
  }

  // Judgements.

  /** Whether there was a beat at the last look, so that the process need not be asked about. */
  boolean isFresh() {
    return ageNanos == 0 && present;
  }

  /** Whether its instances belong in views. */
  boolean counts(Processes.Life life) {
    if (entry == null) {
      return false;
    }
    return switch (life) {
      case GONE -> false;
      case RUNNING -> ageNanos < (present ? Rules.STALE_RUNNING_NANOS : Rules.STALE_NANOS);
      case STOPPED, UNKNOWN -> ageNanos < Rules.STALE_NANOS;
    };
  }

  /** Whether the file may be removed: its process never returns, or was not heard of for long. */
  boolean isLeftover(Processes.Life life) {
    return entry != null
        && present
        && (life == Processes.Life.GONE || ageNanos >= Rules.FORGET_NANOS);
  }

  // Facts.

  /** It was read: an entry, or not and why. */
  void content(@Nullable Entry entry, String why, @Nullable FileTime modified, long size) {
    this.entry = entry;
    this.why = why;
    this.modified = modified;
    this.size = size;
  }

  /** It could not be read this time: what was known stands, and it is tried again. */
  void unreadable(String why) {
    this.why = why;
    this.modified = null;
  }

  /** Its time, when only that changed. */
  void modified(FileTime modified) {
    this.modified = modified;
  }

  @Nullable
  FileTime modified() {
    return modified;
  }

  @Nullable
  Entry entry() {
    return entry;
  }

  Processes.@Nullable Run run() {
    return entry == null ? null : entry.run();
  }

  String why() {
    return why;
  }

  long size() {
    return size;
  }

  boolean isPresent() {
    return present;
  }

  boolean isLive() {
    return live;
  }

  /** Remembers the last judgement; returns whether it is another than before. */
  boolean live(boolean now) {
    boolean changed = live != now;
    live = now;
    return changed;
  }

  /** The number of the look at the directory that saw it last. */
  long scan() {
    return scan;
  }

  void scan(long number) {
    scan = number;
    present = true;
  }
}
