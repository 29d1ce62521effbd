package io.liblink.session;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message on its way in. Memory follows what arrived, not what was announced: it starts with
 * the first fragment, at no more than {@value #FIRST} bytes, and doubles.
 */
final class Assembly {
  private static final int FIRST = 1 << 20;
  private static final byte[] NOTHING = new byte[0];

  /** The frame that started it: OpenFrame, MessageFrame or CloseFrame. */
  final Object head;

  /** Bytes in all; at most the message limit, so an int. */
  final int total;

  private byte[] data = NOTHING;
  private int filled;

  Assembly(Object head, int total) {
    this.head = head;
    this.total = total;
  }

  /** Takes bytes; the caller checked that no more than {@link #missing} come. */
  void take(ByteBuffer in, int length) {
    if (filled + length > data.length) {
      long wanted = Math.max(Math.max(FIRST, filled + length), 2L * data.length);
      data = Arrays.copyOf(data, (int) Math.min(total, wanted));
    }
    in.get(data, filled, length);
    filled += length;
  }

  int missing() {
    return total - filled;
  }

  /** The payload, once nothing is missing. */
  byte[] payload() {
    return data;
  }
}
