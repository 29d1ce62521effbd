package io.liblink.wire;

import java.util.List;
import java.util.function.Supplier;

/**
 * A large payload as it arrived, in pieces. Putting them together takes milliseconds, which an event
 * loop does not have: it is left to who asks for the bytes.
 */
public final class Pieces implements Supplier<byte[]> {
  private final List<byte[]> pieces;
  private final int size;

  /** Pieces in order; neither the list nor they are written to any more. */
  public Pieces(List<byte[]> pieces) {
    this.pieces = pieces;
    int bytes = 0;
    for (byte[] piece : pieces) {
      bytes += piece.length;
    }
    this.size = bytes;
  }

  /** Bytes in all. */
  public int size() {
    return size;
  }

  /** All in one new array. */
  @Override
  public byte[] get() {
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    return whole;
  }
}
