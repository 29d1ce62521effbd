package io.liblink.pipeline;

import io.liblink.session.Session;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.transport.Link;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One push stream to one instance. Comes for items by itself when it has credit, at the end of a turn
 * in which some were acknowledged; otherwise the producer wakes it by handing it over as a task.
 * Belongs to the event loop of its link.
 */
final class PushStream extends Stream {
  /** What is taken at once, so that others get their share and the output is looked at between. */
  static final int CHUNK = 128;

  static final long CHUNK_BYTES = 256 * 1024;

  private static final VarHandle QUEUED;

  static {
    try {
      QUEUED = MethodHandles.lookup().findVarHandle(PushStream.class, "queued", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Lane lane;
  final Link link;
  private final Destination destination;
  private final ItemProducer producer;
  private final ByNumber<PushedItem> unsettled = new ByNumber<>();
  private final Runnable atEndOfTurn = this::endOfTurn;
  private @Nullable Session session;
  private boolean turning;
  private boolean pulling;
  private boolean pullAgain;

  /** Whether it is on its way to the event loop as a task. Through QUEUED. */
  @SuppressWarnings("unused")
  private volatile boolean queued;

  // What came in this turn; taken over by the producer.
  final List<PushedItem> acknowledged = new ArrayList<>();
  final List<Rejection> rejected = new ArrayList<>();
  int moreCredit;

  /** What the producer gives it to send. */
  final List<PushedItem> chunk = new ArrayList<>(CHUNK);

  /** Used again and again. */
  final Outcome outcome = new Outcome();

  PushStream(Destination destination, Link link) {
    this.destination = destination;
    this.producer = destination.producer;
    this.link = link;
    this.lane = new Lane(destination.id(), destination.toString(), this::wake);
  }

  /** Has it come for items, or see that it is retired. Any thread. */
  void wake() {
    if (QUEUED.compareAndSet(this, false, true)) {
      link.submit(this);
    }
  }

  // ---- opening ------------------------------------------------------------------------------

  @Override
  public void run(Session on, long now) {
    queued = false;
    if (session != null) {
      pull(now);
      return;
    }
    if (!on.takesStreams()) {
      destination.notOpened(this, "the instance is draining", now);
    } else if (on.ownStreams() >= link.peer().maxStreams()) {
      destination.notOpened(this, "as many streams as the peer takes are open", now);
    } else {
      session = on;
      on.open(this, producer.open());
      pull(now); // it may have been retired meanwhile
    }
  }

  @Override
  public void abandon(String reason, long now) {
    if (session == null) {
      destination.notOpened(this, reason, now);
    }
  }

  // ---- what comes ---------------------------------------------------------------------------

  @Override
  protected void onCredit(long items, long now) {
    moreCredit = (int) Math.min(Integer.MAX_VALUE, moreCredit + items);
    turn();
  }

  @Override
  protected void onAck(AckFrame ack, long now) {
    PushedItem item = unsettled.remove(ack.sequence());
    if (item == null) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION,
          "§6.8",
          "ACK of item " + Long.toUnsignedString(ack.sequence())
              + ", which is not unsettled on the stream");
    }
    if (ack.status() == Status.OK) {
      acknowledged.add(item);
    } else {
      Ran ran = ack.status() == Status.UNAVAILABLE ? Ran.NO : Ran.YES;
      rejected.add(rejection(item, ack.status(), Stage.HANDLE, ran, ack.reason()));
    }
    turn();
  }

  private Rejection rejection(
      PushedItem item, Status status, Stage stage, Ran ran, String problem) {
    LinkException cause = LinkException.failure(
            status, stage, problem.isEmpty() ? "rejected without a reason" : problem)
        .ran(ran)
        .instance(destination.toString())
        .address(link.remote())
        .attempts(item.attempt)
        .withoutStackTrace()
        .build();
    return new Rejection(item, status, cause);
  }

  /** One hand-over to the producer for all that is read together. */
  private void turn() {
    if (!turning) {
      turning = true;
      link.afterRead(atEndOfTurn);
    }
  }

  private void endOfTurn() {
    turning = false;
    pull(producer.now());
  }

  /** The first credit, under the producer's lock. */
  void flows(long now) {
    destination.flows(now);
  }

  // ---- what goes ----------------------------------------------------------------------------

  /** Settles what came, and takes and sends what may be sent. Not entered twice. */
  private void pull(long now) {
    pullAgain = true;
    if (pulling) {
      return;
    }
    pulling = true;
    try {
      while (pullAgain) {
        pullAgain = false;
        exchange(now);
      }
    } finally {
      pulling = false;
    }
    Session s = session;
    if (s == null || !isOpen()) {
      return;
    }
    if (lane.retired && (unsettled.isEmpty() || producer.isEnded())) {
      s.cancel(this, Status.CANCELLED, now);
      over(true, failure(Status.CANCELLED, Stage.WAIT, Ran.MAYBE, "no longer wanted"), now);
    } else if (!link.isWritable()) {
      wake(); // runs when the link takes more
    }
  }

  private void exchange(long now) {
    Session s = session;
    if (s == null) {
      return;
    }
    boolean more = true;
    while (more) {
      boolean able = isOpen() && !isSending() && link.isWritable();
      chunk.clear();
      Lane other = producer.turn(this, able, now);
      for (PushedItem item : chunk) {
        send(item, s);
      }
      if (other != null) {
        other.wake.run();
      }
      more = !chunk.isEmpty() || !rejected.isEmpty();
    }
  }

  private void send(PushedItem item, Session on) {
    MessageFrame frame = item.toSend();
    int size = frame.content().payload().length;
    long most = link.peer().maxMessage();
    if (size > most) {
      String problem = "an item of " + size + " bytes; the instance takes at most " + most;
      rejected.add(rejection(item, Status.RESOURCE_EXHAUSTED, Stage.SEND, Ran.NO, problem));
      return;
    }
    unsettled.put(item.number, item);
    on.send(this, frame);
  }

  @Override
  protected void onSent(int bytes, boolean last) {
    if (bytes > Protocol.WHOLE_PAYLOAD && isOpen() && !isSending()) {
      wake();
    }
  }

  // ---- the end ------------------------------------------------------------------------------

  @Override
  protected void onDraining(long now) {
    if (!producer.owner().isClosing()) {
      destination.moveOn(this);
      pull(now);
    }
  }

  @Override
  protected void onClose(CloseFrame close, long now) {
    String words = new String(close.content().payload(), StandardCharsets.UTF_8);
    boolean begun = close.status() == Status.OK || close.ran() != Ran.NO;
    LinkException cause = failure(close.status(), close.stage(), close.ran(), words);
    over(begun, cause, now);
    destination.ended(this, cause, now);
  }

  @Override
  protected void onLost(String reason, Ran ran, long now) {
    LinkException cause = failure(Status.UNAVAILABLE, Stage.WAIT, ran, reason);
    over(ran != Ran.NO, cause, now);
    destination.ended(this, cause, now);
  }

  private LinkException failure(Status status, Stage stage, Ran ran, String words) {
    Status seen = status == Status.OK ? Status.UNAVAILABLE : status;
    return LinkException.failure(seen, stage, words.isEmpty() ? "the stream ended" : words)
        .ran(ran)
        .instance(destination.toString())
        .address(link.remote())
        .withoutStackTrace()
        .build();
  }

  private void over(boolean begun, LinkException cause, long now) {
    chunk.clear();
    producer.turn(this, false, now);
    producer.ended(lane, begun, cause, now);
    unsettled.clear();
  }
}
