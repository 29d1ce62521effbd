package io.liblink.pipeline;

import io.liblink.delivery.ItemId;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.StoredMessage;
import io.liblink.wire.TraceContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An item and its receipt. What the {@link Ledger} keeps of it is guarded by the producer's lock; who
 * waits for it is not: {@link #interest} is null, a chain of waiters, and in the end {@link #DONE} or
 * the failure, once.
 */
public final class PushedItem {
  static final String ATTEMPT = "liblink-attempt";

  /** Where an item is; it is in exactly one place. */
  enum Place {
    /** To be sent as soon as somebody takes it. */
    PENDING,
    /** To be sent later. */
    WAITING,
    /** Sent, and that one is to settle it. */
    IN_FLIGHT,
    /** Given up; the dead-letter handler has it. */
    DEAD,
    /** Over: nothing more happens to it. */
    OVER
  }

  private static final Object DONE = new Object();
  private static final VarHandle INTEREST;

  static {
    try {
      INTEREST = MethodHandles.lookup().findVarHandle(PushedItem.class, "interest", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String producer;
  private final TimeSource time;
  final int bytes;
  private @Nullable TraceContext trace;
  final long pushedNanos;

  /** Set under the lock before anybody sees the item. */
  long number;

  /** Null, with the trace, while it is only on disk. Before and after one thread has it at a time. */
  private @Nullable Content content;

  /** Bytes on disk; 0 when it is not there. */
  int stored;

  /** Set once, while it is only on disk: keeps the receipt for who waits. */
  private volatile @Nullable Parked parked;

  // Guarded by the producer's lock.
  Place place = Place.PENDING;
  int attempt = 1;
  int sent;

  @Nullable
  Lane lane;

  @Nullable
  PushedItem before;

  @Nullable
  PushedItem after;

  /** When it was sent, or is to be sent. */
  long atNanos;

  @Nullable
  Trouble trouble;

  @SuppressWarnings("unused") // through INTEREST
  private volatile @Nullable Object interest;

  PushedItem(
      String producer,
      Content content,
      @Nullable TraceContext trace,
      TimeSource time,
      long pushedNanos) {
    this.producer = producer;
    this.content = content;
    this.trace = trace;
    this.bytes = sizeOf(content);
    this.time = time;
    this.pushedNanos = pushedNanos;
  }

  private static int sizeOf(Content content) {
    int size = content.payload().length;
    for (Map.Entry<String, String> e : content.headers().entrySet()) {
      size += e.getKey().length() + e.getValue().length();
    }
    return size;
  }

  /** As it is sent now. */
  MessageFrame toSend() {
    Content c = Objects.requireNonNull(content);
    return new MessageFrame(number, trace, attempt == 1 ? c : withAttempt(c, attempt));
  }

  /** As it is kept on disk. */
  byte[] toStore() {
    byte[] bytes = new StoredMessage(trace, Objects.requireNonNull(content)).encode();
    stored = bytes.length;
    return bytes;
  }

  /** From now on it is only on disk. */
  void park(Parked place) {
    content = null;
    trace = null;
    parked = place;
    if (interest != null) {
      place.pin(this);
    }
  }

  /** It is in memory again. */
  void unpark(StoredMessage read) {
    content = read.content();
    trace = read.trace();
    parked = null;
  }

  /**
   * Refuses what could not be sent.
   *
   * @throws IllegalArgumentException for headers that are reserved, or leave no room for those that a
   *     repeat needs
   */
  public static Content checked(Content content) {
    Map<String, String> headers = content.headers();
    if (headers.isEmpty()) {
      return content;
    }
    for (String key : headers.keySet()) {
      if (key.startsWith("liblink-")) {
        throw new IllegalArgumentException(
            "header '" + key + "': those that begin with 'liblink-' are reserved");
      }
    }
    withAttempt(content, Integer.MAX_VALUE);
    return content;
  }

  private static Content withAttempt(Content content, int attempt) {
    Map<String, String> headers = new LinkedHashMap<>(content.headers());
    headers.put(ATTEMPT, Integer.toString(attempt));
    return new Content(headers, content.contentType(), content.payload());
  }

  /** As it was pushed. */
  Message message() {
    return Contents.message(Objects.requireNonNull(content));
  }

  Trouble trouble() {
    Trouble t = trouble;
    if (t == null) {
      t = trouble = new Trouble();
    }
    return t;
  }

  // ---- the receipt, any thread --------------------------------------------------------------

  /** The id of the item. */
  public ItemId id() {
    return new ItemId(producer, number);
  }

  /** Whether it was settled or given up. */
  public boolean isDone() {
    Object i = interest;
    return i != null && !(i instanceof Waiter);
  }

  /** Why it was given up; null when it was not. */
  public @Nullable LinkException failure() {
    return interest instanceof LinkException e ? e : null;
  }

  /** How often it was sent. */
  public int attempts() {
    VarHandle.acquireFence(); // written under the lock; who looks again and again sees it change
    return sent;
  }

  /** A future that completes with it. */
  public CompletableFuture<Void> done() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    if (!enlist(new Waiter(future))) {
      Waiter.complete(future, failure());
    }
    Parked place = parked;
    if (place != null) {
      place.pin(this);
    }
    return future;
  }

  /**
   * Waits at most that long.
   *
   * @return whether it is done
   */
  public boolean await(long nanos) throws InterruptedException {
    if (isDone()) {
      return true;
    }
    long deadline = time.nanos() + nanos;
    Waiter me = waiter();
    try {
      while (!isDone()) {
        long left = deadline - time.nanos();
        if (left <= 0) {
          return false;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.parkNanos(this, time.sleepNanos(left));
      }
      return true;
    } finally {
      me.leave();
    }
  }

  /** A place in the chain; one that somebody left is used again, so that the chain stays short. */
  private Waiter waiter() {
    for (Waiter w = interest instanceof Waiter first ? first : null; w != null; w = w.next) {
      if (w.take()) {
        return w;
      }
    }
    Waiter made = new Waiter(Thread.currentThread());
    enlist(made);
    return made;
  }

  private boolean enlist(Waiter waiter) {
    while (true) {
      Object before = interest;
      if (before != null && !(before instanceof Waiter)) {
        return false;
      }
      waiter.next = (Waiter) before;
      if (INTEREST.compareAndSet(this, before, waiter)) {
        return true;
      }
    }
  }

  /** It is over; returns who waits for that. Once, without the lock. */
  @Nullable
  Waiter over(@Nullable LinkException failure) {
    return (Waiter) INTEREST.getAndSet(this, failure == null ? DONE : failure);
  }
}
