package io.liblink.pubsub;

import io.liblink.delivery.PublisherState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a publisher's messages came to: written by the consumer, one thread at a time; read by any. */
final class Handed {
  private static final VarHandle LAST;
  private static final VarHandle RECEIVED;
  private static final VarHandle MISSED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LAST = lookup.findVarHandle(Handed.class, "last", long.class);
      RECEIVED = lookup.findVarHandle(Handed.class, "received", long.class);
      MISSED = lookup.findVarHandle(Handed.class, "missed", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Opaque, through the handles.
  @SuppressWarnings("unused")
  private long last;

  private long received;
  private long missed;

  void message(long sequence) {
    LAST.setOpaque(this, sequence);
    RECEIVED.setOpaque(this, received + 1);
  }

  void gap(long sequence, long count) {
    LAST.setOpaque(this, sequence);
    MISSED.setOpaque(this, missed + count);
  }

  /** Goes on with the numbers of another, which does not go on. */
  void goOn(Handed other) {
    LAST.setOpaque(this, other.last());
    RECEIVED.setOpaque(this, other.received());
    MISSED.setOpaque(this, other.missed());
  }

  /** A state with these numbers. */
  PublisherState in(PublisherState s) {
    return new PublisherState(
        s.id(),
        s.node(),
        s.topic(),
        s.phase(),
        s.start(),
        last(),
        received(),
        missed(),
        s.problem());
  }

  /** The sequence of the newest message or gap; 0 for none. */
  long last() {
    return (long) LAST.getOpaque(this);
  }

  long received() {
    return (long) RECEIVED.getOpaque(this);
  }

  long missed() {
    return (long) MISSED.getOpaque(this);
  }
}
