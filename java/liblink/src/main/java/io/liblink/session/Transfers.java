package io.liblink.session;

import io.liblink.wire.ContinueFrame;
import io.liblink.wire.FrameOutput;
import io.liblink.wire.Protocol;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Large payloads on their way out: fragments in turn, one each, within the byte credit of the peer.
 * Their number is bounded by the streams of the link, each stream having at most one.
 */
final class Transfers {
  /** More than any link can use; what is granted beyond is not kept (§10.1). */
  private static final long MOST_CREDIT = Integer.MAX_VALUE;

  private final ArrayDeque<Transfer> turn = new ArrayDeque<>();
  private int cancelled;
  private long window;
  private int fragment = Protocol.FRAGMENT;

  /** The peer introduced itself. */
  void start(long initialWindow) {
    window = Math.min(MOST_CREDIT, initialWindow);
    // Credit comes back at the latest when a quarter of the window is used up, so up to a quarter
    // may
    // be missing for ever: whoever waited for a whole window would wait as long.
    fragment = (int) Math.max(1, Math.min(Protocol.FRAGMENT, window / 2));
  }

  void credit(long bytes) {
    window = Math.min(MOST_CREDIT, window + bytes);
  }

  void add(Transfer transfer) {
    turn.add(transfer);
  }

  /** Its stream ended. Those that were cancelled never outnumber those that were not. */
  void cancel(Transfer transfer) {
    transfer.cancel();
    if (++cancelled * 2 > turn.size()) {
      turn.removeIf(Transfer::isCancelled);
      cancelled = 0;
    }
  }

  boolean isEmpty() {
    return turn.isEmpty();
  }

  int size() {
    return turn.size();
  }

  long window() {
    return window;
  }

  /** Sends the next fragment; returns its transfer, or null when there is none or no credit. */
  @Nullable
  Transfer sendNext(FrameOutput out) {
    while (true) {
      Transfer t = turn.peek();
      if (t == null) {
        return null;
      }
      if (t.isCancelled()) {
        turn.remove();
        cancelled--;
        continue;
      }
      int n = Math.min(fragment, t.left());
      if (n > window) {
        return null;
      }
      turn.remove();
      ContinueFrame.encode(t.stream.id, t.payload(), t.offset(), n, out);
      window -= n;
      t.sent(n);
      if (t.left() > 0) {
        turn.add(t);
      }
      return t;
    }
  }
}
