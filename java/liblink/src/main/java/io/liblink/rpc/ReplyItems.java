package io.liblink.rpc;

import io.liblink.message.Message;
import io.liblink.session.Session;
import io.liblink.session.SessionTask;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.MessageFrame;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The items of a streamed reply, on the serving side: the handler blocks while the caller has given no
 * credit, so neither side holds more than that. {@link #send} is for the handler's thread, the rest
 * for the event loop.
 */
public final class ReplyItems {
  /** Counted for each item beside its payload, so that empty ones are bounded, too. */
  private static final int OVERHEAD = 256;

  /** What goes beyond is not kept (protocol §4.8). */
  private static final long MOST_CREDIT = Integer.MAX_VALUE;

  private static final long ROOM_POLL_NANOS = 1_000_000;

  private final ServerCall call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private long credit;
  private @Nullable LinkException stopped;
  private long sequence;

  ReplyItems(ServerCall call, long credit) {
    this.call = call;
    this.credit = Math.min(credit, MOST_CREDIT);
  }

  /** What an item with such a payload takes of the room of its link. */
  static long cost(int bytes) {
    return (long) bytes + OVERHEAD;
  }

  /**
   * Sends an item; blocks while there is no credit, or too much waits to be sent on the link.
   *
   * @throws LinkException when the caller waits no more
   */
  public void send(Message item) {
    call.checkSize(item.size());
    Content content = Contents.of(item);
    lock.lock();
    try {
      while (credit == 0 && stopped == null) {
        changed.await();
      }
      while (stopped == null && !call.link().room().take(cost(item.size()), call.sendBytes())) {
        changed.awaitNanos(ROOM_POLL_NANOS);
      }
      if (stopped != null) {
        throw stopped;
      }
      credit--;
      sequence++;
      call.link().submit(new Item(call, new MessageFrame(sequence, null, content)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LinkException why = stopped;
      throw why != null
          ? why
          : LinkException.failure(Status.CANCELLED, Stage.HANDLE, "interrupted")
              .ran(Ran.YES)
              .build();
    } finally {
      lock.unlock();
    }
  }

  void credit(long more) {
    lock.lock();
    try {
      credit = Math.min(credit + more, MOST_CREDIT);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stop(LinkException why) {
    lock.lock();
    try {
      stopped = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** An item on its way to the event loop. */
  private static final class Item extends SessionTask {
    private final ServerCall call;
    private final MessageFrame frame;

    Item(ServerCall call, MessageFrame frame) {
      this.call = call;
      this.frame = frame;
    }

    @Override
    public void run(Session session, long now) {
      if (call.isOpen()) {
        session.send(call, frame);
      } else {
        call.onSent(frame.content().payload().length, false);
      }
    }

    @Override
    public void abandon(String reason, long now) {}
  }
}
