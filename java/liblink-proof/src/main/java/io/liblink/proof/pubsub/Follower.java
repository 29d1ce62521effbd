package io.liblink.proof.pubsub;

import io.liblink.Event;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.message.NodeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The books of one subscription: every message and every gap, for each publisher. A message's payload begins with its
 * own number, so that what is handed over can be told from what should be. Thread-safe.
 */
public final class Follower {
  private static final int KEPT = 5;

  /** How it stands with one publisher. */
  public record Account(long start, long last, long received, long missed, long gaps) {
    /** What was published from the start on, as far as this subscription knows. */
    public long total() {
      return received + missed;
    }
  }

  private final String name;
  private final boolean superseded;

  /** Guarded by this. */
  private final Map<NodeId, Account> accounts = new HashMap<>();

  /** Guarded by this; the first few. */
  private final List<String> wrong = new ArrayList<>();

  /** Guarded by this. */
  private final Map<PublisherState.Phase, Integer> phases = new HashMap<>();

  /** Books under that name, which stands in what is found wrong. */
  public Follower(String name) {
    this(name, false);
  }

  /**
   * The same.
   *
   * @param superseded whether messages may be left out untold, as with the latest of each key
   */
  public Follower(String name, boolean superseded) {
    this.name = name;
    this.superseded = superseded;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The payload of a message. */
  public static byte[] payload(long number, int size) {
    return ByteBuffer.allocate(size).putLong(number).array();
  }

  /** A message was handed over. */
  public synchronized void message(Event<byte[]> e) {
    Account a = account(e.publisher(), e.sequence());
    if (superseded ? e.sequence() <= a.last : e.sequence() != a.last + 1) {
      wrong(e.node() + ": message " + e.sequence() + " came behind " + a.last);
    }
    long number = ByteBuffer.wrap(e.value()).getLong();
    if (number != e.sequence()) {
      wrong(e.node() + ": message " + e.sequence() + " is really " + number);
    }
    accounts.put(
        e.publisher(), new Account(a.start, e.sequence(), a.received + 1, a.missed, a.gaps));
  }

  /** A gap was told. */
  public synchronized void gap(Gap g) {
    Account a = account(g.publisher(), g.last() - g.count() + 1);
    boolean fits = superseded ? g.last() > a.last : g.last() - g.count() == a.last;
    if (!fits || g.count() < 1) {
      wrong(g.node() + ": a gap of " + g.count() + " up to " + g.last() + " came behind " + a.last);
    }
    accounts.put(
        g.publisher(),
        new Account(a.start, g.last(), a.received, a.missed + g.count(), a.gaps + 1));
  }

  /** A publisher was joined, lost, or found again. */
  public synchronized void publisher(PublisherState state) {
    phases.merge(state.phase(), 1, Integer::sum);
  }

  private Account account(NodeId publisher, long first) {
    return accounts.computeIfAbsent(publisher, k -> new Account(first, first - 1, 0, 0, 0));
  }

  private void wrong(String what) {
    if (wrong.size() < KEPT) {
      wrong.add(name + " of " + what);
    }
  }

  /** What was out of order, twice, or not what it said: the first few. */
  public synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** How it stands with that publisher; all zeros when nothing has come yet. */
  public synchronized Account of(NodeId publisher) {
    return accounts.getOrDefault(publisher, new Account(0, 0, 0, 0, 0));
  }

  /** How often a publisher was seen to come into that phase. */
  public synchronized int times(PublisherState.Phase phase) {
    return phases.getOrDefault(phase, 0);
  }

  /** Sums up all publishers, each by one of its numbers. */
  public synchronized long sum(ToLongFunction<Account> number) {
    return accounts.values().stream().mapToLong(number).sum();
  }

  /** This as the listeners of a subscription. */
  public SubscribeOptions listening(SubscribeOptions options) {
    return options.onGap(this::gap).onPublisher(this::publisher);
  }
}
