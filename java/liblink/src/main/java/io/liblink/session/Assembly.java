package io.liblink.session;

import io.liblink.wire.Content;
import io.liblink.wire.Pieces;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on its way in. Memory follows what arrived, not what was announced: pieces of just under a
 * megabyte are made as they fill. With their header they fill a region of G1, which therefore does not
 * copy them when it collects. Up to {@value #WHOLE} bytes one array is made with the first fragment.
 */
final class Assembly {
  private static final int PIECE = (1 << 20) - 64;

  /** Up to here a payload is one array from the start: joining pieces would cost more. */
  private static final int WHOLE = 1 << 20;

  private static final byte[] NOTHING = new byte[0];

  /** The frame that started it: OpenFrame, MessageFrame or CloseFrame. */
  final Object head;

  /** Bytes in all; at most the message limit, so an int. */
  final int total;

  private final List<byte[]> full = new ArrayList<>(1);
  private byte[] piece = NOTHING;
  private int filled;
  private int arrived;

  Assembly(Object head, int total) {
    this.head = head;
    this.total = total;
  }

  /** Takes bytes; the caller checked that no more than {@link #missing} come. */
  void take(ByteBuffer in, int length) {
    int left = length;
    while (left > 0) {
      if (filled == piece.length) {
        piece = new byte[total <= WHOLE ? total : Math.min(PIECE, missing())];
        full.add(piece);
        filled = 0;
      }
      int n = Math.min(left, piece.length - filled);
      in.get(piece, filled, n);
      filled += n;
      arrived += n;
      left -= n;
    }
  }

  int missing() {
    return total - arrived;
  }

  /** The content with its payload, once nothing is missing. */
  Content whole(Content announced) {
    return full.size() == 1 ? announced.withPayload(piece) : announced.withPieces(new Pieces(full));
  }
}
