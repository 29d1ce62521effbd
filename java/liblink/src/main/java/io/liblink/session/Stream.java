package io.liblink.session;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.AckFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.ProtocolException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a link, as one side sees it. The patterns extend it; the session calls it. All
 * methods and fields belong to the thread of the session.
 */
public abstract class Stream extends SessionTask {
  /** 0 while it is not part of a session. */
  int id;

  /** A message of this stream that has not arrived whole. */
  @Nullable
  Assembly assembly;

  /** A message of this stream that has not been sent whole. */
  @Nullable
  Transfer transfer;

  /** Frames that wait until the message on its way is sent whole; null while there are none. */
  @Nullable
  ArrayDeque<Object> held;

  /** Where {@link DeadlineWheel} keeps it; meaningless when {@link #slot} is -1. */
  long deadlineNanos;

  int slot = -1;

  @Nullable
  Stream previous;

  @Nullable
  Stream next;

  /** The number on the wire; 0 before it was opened and after it ended. */
  public final int id() {
    return id;
  }

  /** Whether it is part of a session: frames may be sent on it. */
  public final boolean isOpen() {
    return id != 0;
  }

  /** Whether a large message of it is on its way: what is sent now waits until that is whole. */
  public final boolean isSending() {
    return transfer != null;
  }

  /** Accepting side: the session has it now; frames may be sent. */
  protected void onOpened(Session session, long now) {}

  /**
   * An item begins: it came whole, or its first part did. Throws when it must not.
   *
   * @param sequence its number
   */
  protected void onItem(long sequence) {
    throw new ProtocolException(
        Status.FAILED_PRECONDITION, "§6.2", "MESSAGE on a stream that takes none");
  }

  /** An item is here whole. */
  protected void onMessage(MessageFrame message, long now) {}

  /** Opening side: the other side ended the stream. It is no longer part of the session. */
  protected void onClose(CloseFrame close, long now) {
    throw new ProtocolException(
        Status.FAILED_PRECONDITION, "§6.2", "CLOSE on a stream that takes none");
  }

  /**
   * Opening side: the other side began a message that is not taken; the stream was cancelled, and is no
   * longer part of the session. As if the other side had ended it, if nothing else is said.
   *
   * @param problem in words
   * @param forNow whether it might be taken later, when others are whole
   */
  protected void onTooLarge(String problem, boolean forNow, long now) {
    onClose(CloseFrame.failure(Status.RESOURCE_EXHAUSTED, Stage.WAIT, Ran.YES, problem), now);
  }

  /** Accepting side: the opener lost interest. The stream is no longer part of the session. */
  protected void onCancel(Status reason, long now) {
    throw new ProtocolException(
        Status.FAILED_PRECONDITION, "§6.2", "CANCEL on a stream that takes none");
  }

  /** The other side takes that many more items. */
  protected void onCredit(long items, long now) {
    throw new ProtocolException(
        Status.FAILED_PRECONDITION, "§6.2", "CREDIT on a stream that takes none");
  }

  /** The other side settled an item. */
  protected void onAck(AckFrame ack, long now) {
    throw new ProtocolException(
        Status.FAILED_PRECONDITION, "§6.2", "ACK on a stream that takes none");
  }

  /**
   * The payload of a message given to the session was written, or never will be: its memory is free.
   *
   * @param bytes the size of the payload
   * @param last whether it was that of the CLOSE
   */
  protected void onSent(int bytes, boolean last) {}

  /**
   * No new streams are opened on the link from now on, and it closes with its last stream: one that is
   * meant to last should end here and go on elsewhere.
   */
  protected void onDraining(long now) {}

  /**
   * Opening side: the other side gives no sign of life, though it was asked for one. It may have died, or go
   * on in a moment: the stream is open. Told again now and then as long as that is so.
   */
  protected void onStill(long now) {}

  /** The time set by {@link Session#setDeadline} is over. The stream is still open. */
  protected void onDeadline(long now) {}

  /**
   * The link broke, or the other side said that it will not take the stream. The stream is no longer
   * part of the session.
   *
   * @param reason in words
   * @param ran whether the other side may have acted on the stream
   */
  protected abstract void onLost(String reason, Ran ran, long now);
}
