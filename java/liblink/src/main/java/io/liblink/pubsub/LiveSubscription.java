package io.liblink.pubsub;

import io.liblink.delivery.PublisherState;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.routing.Candidates;
import io.liblink.routing.Route;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: a {@link Feed} for each topic of each instance that the route selects, now and later.
 * Thread-safe.
 */
public final class LiveSubscription {
  private static final System.Logger LOG = System.getLogger("io.liblink.pubsub");

  /** Topics times publishers. */
  private static final int MOST_FEEDS = 10_000;

  /** Of publishers that vanished, so many are remembered, should they come back. */
  private static final int MOST_GONE = 256;

  private record Key(NodeId id, String topic) {}

  private final Subscriptions node;
  private final Route route;
  private final TopicPattern pattern;
  private final SubscribeRequest request;
  private final boolean inline;
  private final Receiver receiver;
  private final Inbox inbox;
  private final long beganNanos;
  private final Runnable look = this::look;
  private final CompletableFuture<Void> confirmed = new CompletableFuture<>();
  private final LogLimit failures = new LogLimit();

  // Guarded by this.
  private final Map<Key, Feed> feeds = new LinkedHashMap<>();
  private final Map<Key, Feed> gone = new LinkedHashMap<>();
  private boolean looked;
  private boolean toldFull;

  /**
   * Numbers of feeds that are forgotten. What is gone is not: it counts on while what had come is
   * handled. Guarded by this.
   */
  private long receivedBefore;

  private long missedBefore;

  private volatile int size;
  private volatile @Nullable LinkException failure;
  private volatile boolean closed;

  /**
   * Not started.
   *
   * @param topic a name or a pattern
   * @param inline whether the receiver gets everything at once, on the event loops; else from one thread
   *     at a time
   * @throws IllegalArgumentException when the pattern or the filter can't be read
   */
  public LiveSubscription(
      Subscriptions node,
      Route route,
      String topic,
      SubscribeOptions options,
      boolean inline,
      Receiver receiver) {
    this.node = node;
    this.route = route;
    this.pattern = TopicPattern.of(topic);
    this.request = SubscribeRequest.of(options);
    this.inline = inline;
    this.receiver = receiver;
    this.inbox = new Inbox(this, receiver);
    this.beganNanos = node.nanos();
  }

  // ---- life ---------------------------------------------------------------------------------

  /** Starts, with workers that empty the inbox. */
  public void start() {
    startTurns(() -> {
      while (inbox.take()) {
        // goes on
      }
      inbox.rest();
    });
  }

  /** Starts; workers run that, never twice at once, whenever there may be something in the inbox. */
  public void startTurns(Runnable turn) {
    Serial turns = new Serial(node.workers(), turn);
    start(turns::ask);
  }

  /** Starts; {@code came} is run whenever there is something in the inbox, by any thread. */
  public void start(Runnable came) {
    inbox.onCame(came);
    node.add(this);
    route.needAll(); // who changed its metadata is left, who vanished from the registry is not
    route.onChange(look);
    look();
    if (closed) {
      route.removeListener(look); // meanwhile
    }
  }

  /** Done when all publishers known first have confirmed or can't be reached; fails with a refusal. */
  public CompletableFuture<Void> confirmed() {
    return confirmed;
  }

  /** Unsubscribes. Idempotent. */
  public void close() {
    List<Feed> all;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      all = new ArrayList<>(feeds.values());
    }
    route.removeListener(look);
    node.remove(this);
    all.forEach(f -> f.joining().close());
    confirmed.complete(null);
    inbox.look();
  }

  /** Whether it is closed. */
  public boolean isClosed() {
    return closed;
  }

  // ---- what it is ---------------------------------------------------------------------------

  /** Everybody who is, or should be, joined now. */
  public List<PublisherState> publishers() {
    return all().stream().map(Feed::state).toList();
  }

  private synchronized List<Feed> all() {
    return new ArrayList<>(feeds.values());
  }

  /** Messages handed over. */
  public synchronized long received() {
    return receivedBefore + sum(feeds, Handed::received) + sum(gone, Handed::received);
  }

  /** Messages told as gaps. */
  public synchronized long missed() {
    return missedBefore + sum(feeds, Handed::missed) + sum(gone, Handed::missed);
  }

  private static long sum(Map<Key, Feed> feeds, ToLongFunction<Handed> number) {
    return feeds.values().stream()
        .mapToLong(f -> number.applyAsLong(f.handed()))
        .sum();
  }

  /** Why a publisher ended it for good, the last that did; null while none has. */
  public @Nullable LinkException failure() {
    return failure;
  }

  /** Whether there are publishers, and all of them ended it for good. */
  public boolean isRefused() {
    List<Feed> all = all();
    return !all.isEmpty()
        && all.stream().allMatch(f -> f.state().phase() == PublisherState.Phase.REFUSED);
  }

  /** Publishers that have neither confirmed nor proved unreachable. */
  public List<String> silent() {
    return all().stream()
        .filter(f -> !f.joining().settled().isDone())
        .map(Feed::label)
        .toList();
  }

  /** Whether the registry has said who publishes. */
  public synchronized boolean hasLooked() {
    return looked;
  }

  /** What came and was not handled. */
  public Inbox inbox() {
    return inbox;
  }

  // ---- who publishes ------------------------------------------------------------------------

  /** On the registry's thread, or on that of {@link #start}. */
  private void look() {
    Candidates now = route.candidates();
    View view = route.view();
    if (now == null || view == null) {
      return;
    }
    List<Feed> fresh = new ArrayList<>();
    List<Feed> missing = new ArrayList<>();
    boolean first;
    synchronized (this) {
      if (closed) {
        return;
      }
      first = !looked;
      looked = true;
      Map<Key, Feed> left = new LinkedHashMap<>(feeds);
      for (Instance instance : now.selected()) {
        for (String topic : pattern.topicsOf(instance, now.selected())) {
          Key key = new Key(instance.id(), topic);
          Feed known = left.remove(key);
          if (known != null) {
            known.joining().announced(instance);
          } else if (!feeds.containsKey(key)) {
            Feed made = add(key, instance, !first);
            if (made != null) {
              fresh.add(made);
            }
          }
        }
      }
      missing.addAll(left.values());
      size = feeds.size();
    }
    Set<NodeId> selected = now.selected().stream().map(Instance::id).collect(Collectors.toSet());
    Set<NodeId> known = view.instances().stream().map(Instance::id).collect(Collectors.toSet());
    for (Feed feed : missing) {
      boolean unselected = known.contains(feed.publisher()) && !selected.contains(feed.publisher());
      if (unselected) {
        feed.joining().deselected();
      } else {
        feed.joining().vanished();
      }
    }
    fresh.forEach(f -> f.joining().connect());
    if (first) {
      confirm(fresh);
    }
  }

  private @Nullable Feed add(Key key, Instance instance, boolean late) {
    if (feeds.size() >= MOST_FEEDS) {
      if (!toldFull) {
        toldFull = true;
        LOG.log(
            System.Logger.Level.WARNING,
            "a subscription to '" + service() + "/" + pattern + "' has more than " + MOST_FEEDS
                + " topics times publishers: the others are left out");
      }
      return null;
    }
    Feed feed = new Feed(this, key.topic(), instance, late);
    Feed before = gone.remove(key);
    if (before != null) {
      feed.joining().resume(before.joining());
    }
    feeds.put(key, feed);
    return feed;
  }

  private void confirm(List<Feed> first) {
    CompletableFuture.allOf(
            first.stream().map(f -> f.joining().settled()).toArray(CompletableFuture[]::new))
        .whenComplete((done, failed) -> {
          if (failed == null) {
            confirmed.complete(null);
          }
        });
    for (Feed feed : first) {
      feed.joining().settled().whenComplete((done, failed) -> {
        if (failed != null) {
          confirmed.completeExceptionally(failed);
        }
      });
    }
  }

  /** It is gone. */
  void forget(Feed feed) {
    Key key = new Key(feed.publisher(), feed.topic().substring(feed.topic().indexOf('/') + 1));
    synchronized (this) {
      if (feeds.remove(key, feed)) {
        if (gone.size() >= MOST_GONE) {
          Feed oldest =
              Objects.requireNonNull(gone.remove(gone.keySet().iterator().next()));
          receivedBefore += oldest.handed().received();
          missedBefore += oldest.handed().missed();
        }
        gone.put(key, feed);
        size = feeds.size();
      }
    }
  }

  // ---- for feeds ----------------------------------------------------------------------------

  String service() {
    return route.service();
  }

  SubscribeRequest request() {
    return request;
  }

  /**
   * For who was not there when this began.
   *
   * @param margin what the request may take until the publisher reads it
   */
  Start sinceStart(Duration margin) {
    Duration age = Duration.ofNanos(node.nanos() - beganNanos).plus(margin);
    Start wanted = request.from();
    Duration whole = wanted.isAge() ? age.plusMillis(wanted.number()) : age;
    return wanted.isEarliest() ? Start.earliestAndWithin(whole) : Start.within(whole);
  }

  /** How many feeds share what may be held. */
  int feeds() {
    return size;
  }

  boolean isInline() {
    return inline;
  }

  Receiver receiver() {
    return receiver;
  }

  Subscriptions node() {
    return node;
  }

  void failed(LinkException why) {
    failure = why;
    inbox.look();
  }

  void report(Feed.Report report) {
    if (inline) {
      report.to(receiver);
    } else {
      inbox.offer(report);
    }
  }

  // ---- users' code --------------------------------------------------------------------------

  /** Something of the user's. */
  interface Step {
    /** Runs it. */
    void run() throws Exception;
  }

  void guarded(Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      node.failed.increment();
      log("a listener of a subscription to '" + service() + "/" + pattern + "' failed", e);
    }
  }

  void handlerFailed(Feed feed, long sequence, Throwable thrown) {
    node.failed.increment();
    log(
        "the subscriber of '" + feed.topic() + "' failed at message " + sequence + " of "
            + feed.label() + "; it goes on with the next",
        thrown);
  }

  private void log(String what, Throwable thrown) {
    long before = failures.admit(node.nanos());
    if (before >= 0) {
      String more = before == 0 ? "" : " (and " + before + " times since this was said last)";
      LOG.log(System.Logger.Level.WARNING, what + more, thrown);
    }
  }
}
