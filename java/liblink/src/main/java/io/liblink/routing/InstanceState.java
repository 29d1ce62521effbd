package io.liblink.routing;

import io.liblink.message.NodeId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The live numbers of one instance of one service, as this node sees them: requests in flight, peak
 * EWMA of the latency, faults in a row, ejection.
 *
 * <p>Safe from any thread, no locks on the way of a call. {@link #inFlight()} is exact. Latency and
 * the row of faults are updated by plain races: a lost update costs one sample among many. Ejection
 * and return happen under the lock of {@link InstanceStates}, so that its bound holds exactly.
 *
 * <p>Latency follows Finagle's peak EWMA: a sample above the average replaces it at once, a lower one
 * is blended in with weight {@code 1 - exp(-dt/tau)}, and the average fades with the same tau when no
 * samples come, so that an instance which was slow once is tried again.
 */
public final class InstanceState {
  /** The time constant of the average: 10 s. */
  public static final long TAU_NANOS = 10_000_000_000L;

  /** How many faults in a row eject an instance. */
  public static final int FAULTS_TO_EJECT = 5;

  /** How many times the known latency a missed deadline must have waited to be a fault. */
  public static final int LATE_FACTOR = 2;

  /** How long an instance that refused because of overload is avoided: 100 ms. */
  public static final long BUSY_NANOS = 100_000_000L;

  /** How long an instance that stands still is avoided before it is looked at again: 200 ms. */
  public static final long STILL_NANOS = 200_000_000L;

  /** What an instance gets of its share when it has just started. */
  static final double SMALLEST_SHARE = 0.1;

  /** Above every real cost: an instance without history gets one request at a time at first. */
  static final double UNKNOWN_COST = 1e15;

  /** Above the cost of an instance without history, so that overload is avoided even harder. */
  static final double BUSY_COST = 1e18;

  private static final VarHandle IN_FLIGHT = handle("inFlight", int.class);
  private static final VarHandle FAULTS = handle("faults", int.class);
  private static final VarHandle EWMA = handle("ewma", double.class);
  private static final VarHandle STAMP = handle("stamp", long.class);
  private static final VarHandle BUSY_UNTIL = handle("busyUntil", long.class);
  private static final VarHandle NEXT_PROBE = handle("nextProbe", long.class);

  private final InstanceStates owner;

  // Accessed through the handles only; opaque unless said otherwise.
  @SuppressWarnings("unused")
  private int inFlight;

  @SuppressWarnings("unused")
  private int faults;

  @SuppressWarnings("unused")
  private double ewma; // nanoseconds; 0 = unknown

  @SuppressWarnings("unused")
  private long stamp;

  @SuppressWarnings("unused")
  private long busyUntil; // 0 = not busy

  @SuppressWarnings("unused")
  private long nextProbe; // meaningful while ejected

  // Written under the owner's lock, read freely.
  private volatile boolean ejected;
  volatile int ejections; // in a row without a return: the exponent of the back-off
  volatile boolean probing; // a probe was claimed since the last ejection
  private volatile boolean still; // why it is ejected
  boolean removed;

  /** Whether the newest view calls it ready: only then it is ejected, and counts for the bound of that. Under the owner's lock. */
  boolean ready;

  /** When it started, as far as this node knows; set once, before it can be picked. */
  volatile long joinedNanos;

  /** Whether {@link #joinedNanos} says anything: not of those that have been there for long. */
  volatile boolean young;

  /** Of its id: what keys and subsets go by. Made once, for there may be a thousand in each new view. */
  private final long hash;

  InstanceState(InstanceStates owner, NodeId id) {
    this.owner = owner;
    this.hash = Rendezvous.hash(id);
  }

  long hash() {
    return hash;
  }

  /**
   * How much of its share it should get: less than 1 while it is new, from a tenth on, in proportion to
   * its age (slow start).
   */
  double share(long nowNanos, long windowNanos) {
    if (!young) {
      return 1;
    }
    long age = nowNanos - joinedNanos;
    if (age >= windowNanos) {
      return 1; // young it stays: another handle may have a longer window
    }
    return Math.max(SMALLEST_SHARE, age / (double) windowNanos);
  }

  /** A request is on its way to this instance. Every call needs exactly one {@link #end}. */
  public void begin() {
    IN_FLIGHT.getAndAdd(this, 1);
  }

  /**
   * The request is over.
   *
   * @param elapsedNanos since its {@link #begin}
   */
  public void end(Outcome outcome, long elapsedNanos, long nowNanos) {
    IN_FLIGHT.getAndAdd(this, -1);
    switch (outcome) {
      case REPLIED -> {
        observe(elapsedNanos, nowNanos);
        alive();
      }
      case ANSWERED -> {
        observe(Math.max(elapsedNanos, (long) known()), nowNanos);
        alive();
      }
      case BUSY -> {
        BUSY_UNTIL.setOpaque(this, (nowNanos + BUSY_NANOS) | 1);
        alive();
      }
      case LATE -> {
        if (elapsedNanos >= LATE_FACTOR * known()) {
          fault(nowNanos);
        } else {
          observeAtLeast(elapsedNanos, nowNanos);
        }
      }
      case CANCELLED -> observeAtLeast(elapsedNanos, nowNanos);
      case FAULT -> fault(nowNanos);
      case STILL -> still(nowNanos);
    }
  }

  /**
   * It owes replies and gives no sign of life: ejected at once. Whether it goes on is looked at soon and often
   * ({@link #STILL_NANOS}), because the link tells without a request, so that a look costs nothing.
   */
  public void still(long nowNanos) {
    owner.ejectStill(this, nowNanos + STILL_NANOS);
  }

  /**
   * A fault without a request, such as a link that broke while idle or a failed attempt to connect
   * in the background.
   */
  public void fault(long nowNanos) {
    int row = (int) FAULTS.getAndAdd(this, 1) + 1;
    if (ejected || row >= FAULTS_TO_EJECT) {
      owner.eject(this, nowNanos);
    }
  }

  /** A sign of life without a request, such as a new link: ends a row of faults and an ejection. */
  public void alive() {
    if ((int) FAULTS.getOpaque(this) != 0) {
      FAULTS.setOpaque(this, 0);
    }
    if (ejected) {
      owner.restore(this);
    }
  }

  /** Requests on their way now. */
  public int inFlight() {
    return (int) IN_FLIGHT.getOpaque(this);
  }

  /** Faults since the last sign of life. */
  public int faults() {
    return (int) FAULTS.getOpaque(this);
  }

  /** The faded average latency in nanoseconds; 0 while unknown. */
  public double latency(long nowNanos) {
    double known = known();
    return known == 0 ? 0 : known * fade(nowNanos - (long) STAMP.getOpaque(this));
  }

  /** Whether it is kept out of balancing. */
  public boolean ejected() {
    return ejected;
  }

  /** How long until it is tried again; 0 when that is due or it is not ejected. */
  public long ejectedForNanos(long nowNanos) {
    return ejected ? Math.max(0, (long) NEXT_PROBE.getOpaque(this) - nowNanos) : 0;
  }

  /** Whether it refused because of overload a moment ago. */
  public boolean busy(long nowNanos) {
    long until = (long) BUSY_UNTIL.getOpaque(this);
    return until != 0 && until - nowNanos > 0;
  }

  /**
   * What one more request here costs, for comparison only: latency x (in flight + 1), in nanoseconds.
   * An instance without history is free while idle and dearer than any known one while something is
   * in flight.
   */
  double cost(long nowNanos) {
    return cost(nowNanos, 1);
  }

  /**
   * The same for an instance that is meant to have more or less in flight than others.
   *
   * @param dearness how much what is in flight counts: 0.5 for an instance of twice the usual weight
   */
  double cost(long nowNanos, double dearness) {
    double pending = inFlight() * dearness;
    double latency = latency(nowNanos);
    double cost = latency == 0 && pending != 0 ? UNKNOWN_COST + pending : latency * (pending + 1.0);
    return busy(nowNanos) ? cost + BUSY_COST : cost;
  }

  /**
   * Of all threads that find a probe due, one gets true; the next probe is then one back-off later,
   * so that a probe which is never sent blocks nothing.
   */
  boolean claimProbe(long nowNanos) {
    long due = (long) NEXT_PROBE.getAcquire(this);
    if (due - nowNanos > 0
        || !NEXT_PROBE.compareAndSet(
            this, due, nowNanos + InstanceStates.backoffNanos(ejections))) {
      return false;
    }
    probing = true;
    return true;
  }

  /** Whether it is ejected because it stands still, see {@link #still}. */
  boolean isStill() {
    return ejected && still;
  }

  /** Under the owner's lock. */
  void setEjected(int inARow, boolean standsStill, long nextProbeNanos) {
    probing = false;
    still = standsStill;
    ejections = inARow;
    NEXT_PROBE.setRelease(this, nextProbeNanos);
    ejected = true;
  }

  /** Under the owner's lock. */
  void clearEjected() {
    ejections = 0;
    FAULTS.setOpaque(this, 0);
    ejected = false;
  }

  /** The average without fading; 0 while unknown. */
  private double known() {
    return (double) EWMA.getOpaque(this);
  }

  private void observeAtLeast(long sampleNanos, long nowNanos) {
    if (sampleNanos > latency(nowNanos)) {
      observe(sampleNanos, nowNanos);
    }
  }

  private void observe(long sampleNanos, long nowNanos) {
    double sample = Math.max(1, sampleNanos); // 0 means unknown
    double known = known();
    if (sample < known) {
      double weight = fade(nowNanos - (long) STAMP.getOpaque(this));
      sample = known * weight + sample * (1 - weight);
    }
    EWMA.setOpaque(this, sample);
    STAMP.setOpaque(this, nowNanos);
  }

  /** exp(-age/tau); by a short series where age is small, as it is on a busy instance. */
  private static double fade(long ageNanos) {
    if (ageNanos <= 0) {
      return 1; // threads may hand in their clock readings slightly out of order
    }
    double x = ageNanos / (double) TAU_NANOS;
    return x < 0.01 ? 1 - x + x * x * 0.5 : Math.exp(-x);
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(InstanceState.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
