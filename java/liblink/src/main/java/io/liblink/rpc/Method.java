package io.liblink.rpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A method being served: what it does, and what is known of how long that takes. Thread-safe. */
public final class Method {
  /** Handlers that take less than this, on average, run one after another on one thread. */
  private static final long SHORT_NANOS = 50_000;

  /** Runs before the average is trusted. */
  private static final int SAMPLES = 8;

  private static final VarHandle AVERAGE;

  static {
    try {
      AVERAGE = MethodHandles.lookup().findVarHandle(Method.class, "average", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final ServiceGate gate;
  private final boolean nonBlocking;
  private final boolean streaming;
  private final boolean answersLater;
  private final Work work;

  // Opaque through AVERAGE; lost updates cost one sample among many. Starts as if long.
  @SuppressWarnings("unused")
  private long average = SHORT_NANOS * (1L << SAMPLES) / 64;

  /**
   * A method.
   *
   * @param name without the service
   * @param gate of its service
   * @param nonBlocking whether it runs on the event loop
   * @param streaming whether it answers with items
   * @param answersLater whether it may answer after it returned
   * @param work what it does
   */
  public Method(
      String name,
      ServiceGate gate,
      boolean nonBlocking,
      boolean streaming,
      boolean answersLater,
      Work work) {
    this.name = name;
    this.gate = gate;
    this.nonBlocking = nonBlocking;
    this.streaming = streaming;
    this.answersLater = answersLater;
    this.work = work;
  }

  /** Without the service. */
  public String name() {
    return name;
  }

  /** The service that it belongs to. */
  public ServiceGate gate() {
    return gate;
  }

  /** Whether it answers with items. */
  public boolean streaming() {
    return streaming;
  }

  boolean nonBlocking() {
    return nonBlocking;
  }

  /** Whether its calls are counted: those that are over when the event loop goes on are not. */
  boolean isCounted() {
    return !nonBlocking || answersLater;
  }

  Work work() {
    return work;
  }

  /** Whether calls of it may wait for each other: only if they are short. */
  boolean isShort() {
    return !streaming && (long) AVERAGE.getOpaque(this) < SHORT_NANOS;
  }

  /** It ran that long. Long runs weigh at once, short ones an eighth: being wrong costs others. */
  void took(long nanos) {
    long old = (long) AVERAGE.getOpaque(this);
    AVERAGE.setOpaque(this, nanos > old ? (old + nanos) / 2 : old + (nanos - old) / 8);
  }
}
