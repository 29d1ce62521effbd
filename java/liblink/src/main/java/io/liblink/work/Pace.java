package io.liblink.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How long jobs of one kind take, so that short ones may wait for each other. Thread-safe. */
public final class Pace {
  /** Jobs that take less than this, on average, run one after another on one thread. */
  private static final long SHORT_NANOS = 50_000;

  /** Runs before the average is trusted. */
  private static final int SAMPLES = 8;

  private static final VarHandle AVERAGE;

  static {
    try {
      AVERAGE = MethodHandles.lookup().findVarHandle(Pace.class, "average", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Opaque through AVERAGE; lost updates cost one sample among many. Starts as if long.
  @SuppressWarnings("unused")
  private long average = SHORT_NANOS * (1L << SAMPLES) / 64;

  private final boolean mayBeShort;

  /**
   * Nothing is known yet: as if they were long.
   *
   * @param mayBeShort false for jobs that wait for others, however quick they look
   */
  public Pace(boolean mayBeShort) {
    this.mayBeShort = mayBeShort;
  }

  /** Whether jobs of this kind may wait for each other. */
  public boolean isShort() {
    return mayBeShort && (long) AVERAGE.getOpaque(this) < SHORT_NANOS;
  }

  /** What is believed of one now, in nanoseconds. */
  public long averageNanos() {
    return (long) AVERAGE.getOpaque(this);
  }

  /** One ran that long. Long runs weigh at once, short ones an eighth: being wrong costs others. */
  public void took(long nanos) {
    long old = (long) AVERAGE.getOpaque(this);
    AVERAGE.setOpaque(this, nanos > old ? (old + nanos) / 2 : old + (nanos - old) / 8);
  }
}
