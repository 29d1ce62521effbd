package io.liblink.rpc;

import io.liblink.routing.ConcurrencyLimit;
import io.liblink.session.RefusedStream;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.work.Batches;
import io.liblink.work.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The serving side of a node: finds the method, keeps the bounds, hands the call over. {@link #serve}
 * and {@link #remove} are for any thread, the rest belongs to the event loops.
 */
public final class Dispatcher {
  private static final int MOST_CLOSED = 1000;
  private static final int SHARE = 4;

  private final Workers workers;
  private final TimeSource time;
  private final Counters counters;
  private final int messageBytes;
  private final long sendBytes;
  private final ConcurrencyLimit limit;
  private final AtomicInteger links = new AtomicInteger();

  /** Whether every request is refused from now on. */
  private volatile boolean draining;

  /** Services that were served here; {@value #MOST_CLOSED} of them are remembered. */
  private final Set<String> closed = ConcurrentHashMap.newKeySet();

  /** Services that are served here, also those without methods. */
  private final Set<String> served = ConcurrentHashMap.newKeySet();

  /** {@code service/method} to method; replaced as a whole. */
  private volatile Map<String, Method> methods = Map.of();

  /**
   * A dispatcher without methods.
   *
   * @param messageBytes the largest reply
   * @param sendBytes replies that may wait to be sent on one link
   * @param mostInFlight requests with handlers at once
   */
  public Dispatcher(
      Workers workers,
      TimeSource time,
      Counters counters,
      int messageBytes,
      long sendBytes,
      int mostInFlight) {
    this.workers = workers;
    this.time = time;
    this.counters = counters;
    this.messageBytes = messageBytes;
    this.sendBytes = sendBytes;
    this.limit = new ConcurrencyLimit(mostInFlight);
  }

  /** Serves the methods of one service, instead of those it had. */
  public synchronized void serve(String service, Iterable<Method> added) {
    Map<String, Method> all = without(service);
    for (Method m : added) {
      all.put(service + "/" + m.name(), m);
    }
    methods = all;
    // Behind the methods, or a call that comes in between would be told for good that there is
    // none.
    served.add(service);
    closed.remove(service);
  }

  /** No longer serves that service. */
  public synchronized void remove(String service) {
    if (closed.size() < MOST_CLOSED) {
      closed.add(service);
    }
    served.remove(service); // before the methods, for the same reason
    methods = without(service);
  }

  private Map<String, Method> without(String service) {
    Map<String, Method> all = new HashMap<>(methods);
    all.keySet().removeIf(k -> k.startsWith(service + "/"));
    return all;
  }

  /** Takes no more requests, on whatever link they come; those taken before go on. */
  public void drain() {
    draining = true;
  }

  /** Requests with handlers now, over all services. */
  public int inFlight() {
    return limit.inFlight();
  }

  /** A peer opens a stream. */
  public Stream open(Link link, OpenFrame open, long now) {
    if (draining) {
      return refused(Drop.DRAINING, Status.UNAVAILABLE, "the node is closing");
    }
    Method method = methods.get(open.target().toString());
    if (method == null || open.kind() != OpenFrame.CALL) {
      return unknown(open);
    }
    if (method.streaming() && open.credit() < 0) {
      return refused(
          Drop.UNKNOWN_ENDPOINT,
          Status.INVALID_ARGUMENT,
          "'" + open.target() + "' answers with a stream: call it as one");
    }
    if (!method.isCounted() && !method.gate().isClosed()) {
      return new ServerCall(this, link, open, method, now);
    }
    if (!method.gate().enter()) {
      return refused(Drop.DRAINING, Status.UNAVAILABLE, "the service is closing on this instance");
    }
    Batches ofLink = batches(link);
    if (!fairShare(ofLink)) {
      giveBack(method, ofLink);
      return refused(
          Drop.TOO_MANY_IN_FLIGHT,
          Status.RESOURCE_EXHAUSTED,
          "the instance keeps room for its other callers: this one has " + ofLink.inFlight()
              + " of at most " + limit.limit() + " requests in flight (Limits.inFlight)");
    }
    if (!acquire(method, open)) {
      giveBack(method, ofLink);
      return refused(
          Drop.TOO_MANY_IN_FLIGHT,
          Status.RESOURCE_EXHAUSTED,
          "the instance is overloaded: " + limit.inFlight() + " of at most " + limit.limit()
              + " requests are in flight (Limits.inFlight), " + limit.waiting()
              + " of them wait for a thread, the last for " + limit.lastWaitNanos() / 1_000_000
              + " ms");
    }
    return new ServerCall(this, link, open, method, now);
  }

  /**
   * Whether one more request of a link is no more than its share: as long as there are others, a link
   * may have {@value #SHARE} times as many in flight as places are free. So a single greedy one leaves
   * a fifth to the others, and the more are greedy the less each gets, but there is always a place for
   * who has none (Choudhury and Hahne, 1998, dynamic queue length thresholds).
   */
  private boolean fairShare(Batches ofLink) {
    int before = ofLink.enter();
    return before == 0 || links.get() < 2 || before < SHARE * (limit.limit() - limit.inFlight());
  }

  private static void giveBack(Method method, Batches ofLink) {
    ofLink.leave();
    method.gate().leave();
  }

  /** A link is open. Any thread. */
  public void linkOpened() {
    links.incrementAndGet();
  }

  /** It is closed. */
  public void linkClosed() {
    links.decrementAndGet();
  }

  private Stream unknown(OpenFrame open) {
    String target = open.target().toString();
    int slash = target.indexOf('/');
    String service = slash < 0 ? target : target.substring(0, slash);
    boolean here = served.contains(service);
    if (!here && closed.contains(service)) {
      // Who did not see yet that it is gone goes elsewhere.
      return refused(Drop.DRAINING, Status.UNAVAILABLE, "the service is closed on this instance");
    }
    return here
        ? refused(
            Drop.UNKNOWN_ENDPOINT,
            Status.UNIMPLEMENTED,
            "the service '" + service + "' has no " + kind(open) + " '"
                + shorten(target.substring(slash + 1)) + "'")
        : refused(
            Drop.UNKNOWN_ENDPOINT,
            Status.UNAVAILABLE, // so that a caller whose view is old goes elsewhere
            "no service '" + shorten(service) + "' on this node");
  }

  private static String kind(OpenFrame open) {
    return switch (open.kind()) {
      case OpenFrame.SUBSCRIBE -> "topic";
      case OpenFrame.PUSH -> "queue";
      default -> "method";
    };
  }

  private static String shorten(String name) {
    return name.length() <= 200 ? name : name.substring(0, 200) + "…";
  }

  private Stream refused(Drop drop, Status status, String problem) {
    counters.drop(drop);
    return new RefusedStream(CloseFrame.failure(status, Stage.SEND, Ran.NO, problem));
  }

  void handOver(ServerCall call) {
    batches(call.link()).add(call);
  }

  private Batches batches(Link link) {
    return Batches.of(link, workers, time);
  }

  private boolean acquire(Method method, OpenFrame open) {
    return method.nonBlocking()
        ? limit.tryAcquireStarted()
        : limit.tryAcquire(remainingNanos(open));
  }

  private static long remainingNanos(OpenFrame open) {
    return open.remainingMillis() == Protocol.NO_DEADLINE
        ? Long.MAX_VALUE
        : open.remainingMillis() * 1_000_000;
  }

  /** A request got its thread, after waiting that long. Any thread. */
  void started(long waitedNanos) {
    limit.started(waitedNanos);
  }

  /** A request that counted was answered. */
  void leave(Method method, Link link) {
    method.gate().leave();
    limit.release();
    if (link.attachment() instanceof Batches ofLink) {
      ofLink.leave();
    }
  }

  Counters counters() {
    return counters;
  }

  TimeSource time() {
    return time;
  }

  long sendBytes() {
    return sendBytes;
  }

  int messageBytes() {
    return messageBytes;
  }
}
