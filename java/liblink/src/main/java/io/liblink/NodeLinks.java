package io.liblink;

import io.liblink.cluster.Peers;
import io.liblink.pipeline.Queues;
import io.liblink.pubsub.Topics;
import io.liblink.rpc.Dispatcher;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import io.liblink.transport.LinkEvents;
import io.liblink.wire.OpenFrame;
import io.liblink.work.Workers;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What links tell the node goes to the peers and to what serves. On event loops. */
final class NodeLinks implements LinkEvents {
  private static final System.Logger LOG = System.getLogger("io.liblink.transport");

  private final Dispatcher dispatcher;
  private final Topics topics;
  private final Admission admission;
  private final Workers workers;
  private final RefusalLog refusals;
  private final LongAdder opened;
  private final LongAdder closed;

  /** Set once, before anything is dialed or listened at. */
  private volatile @Nullable Peers peers;

  private volatile @Nullable Queues queues;

  NodeLinks(
      Dispatcher dispatcher,
      Topics topics,
      Admission admission,
      Workers workers,
      Counters counters,
      TimeSource time) {
    this.dispatcher = dispatcher;
    this.topics = topics;
    this.admission = admission;
    this.workers = workers;
    this.refusals = new RefusalLog(time);
    this.opened = counters.named("links.opened");
    this.closed = counters.named("links.closed");
    counters.named("links.still"); // sessions count it; it is there from the start, as the others
  }

  void start(Peers known, Queues served) {
    peers = known;
    queues = served;
  }

  private Peers peers() {
    return started(peers);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("a link before the node was put together");
    }
    return part;
  }

  @Override
  public void onReady(Link link) {
    opened.increment();
    dispatcher.linkOpened();
    peers().add(link);
  }

  @Override
  public Stream onOpen(Link link, OpenFrame open, long now) {
    Stream refusal = admission.refusal(link, open);
    if (refusal != null) {
      return refusal;
    }
    return switch (open.kind()) {
      case OpenFrame.SUBSCRIBE -> {
        Stream stream = topics.open(link, open, now);
        yield stream == null ? dispatcher.open(link, open, now) : stream;
      }
      case OpenFrame.PUSH -> {
        Stream stream = started(queues).open(link, open);
        yield stream == null ? dispatcher.open(link, open, now) : stream;
      }
      default -> dispatcher.open(link, open, now);
    };
  }

  @Override
  public void execute(Runnable task) {
    workers.execute(task);
  }

  @Override
  public void onDraining(Link link) {
    peers().draining(link);
  }

  @Override
  public void onClosed(Link link, Status status, String reason) {
    closed.increment();
    dispatcher.linkClosed();
    peers().remove(link);
    boolean fault = status != Status.OK && status != Status.UNAVAILABLE;
    LOG.log(
        fault ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
        () -> "link to " + link + " closed: " + reason);
  }

  @Override
  public void onRefused(String remote, LinkException failure) {
    refusals.refused(remote, failure.problem());
  }
}
