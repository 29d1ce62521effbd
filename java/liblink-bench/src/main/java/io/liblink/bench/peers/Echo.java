package io.liblink.bench.peers;

import java.util.Arrays;

/** What every server answers. */
public final class Echo {
  /** Requests up to this many bytes come back whole. */
  public static final int LARGEST = 64 * 1024;

  /** How many bytes acknowledge a larger one. */
  public static final int RECEIPT = 8;

  private Echo() {}

  /** The request itself; of a large one only the first bytes, so that bulk is one way. */
  public static byte[] answer(byte[] request) {
    return request.length <= LARGEST ? request : Arrays.copyOf(request, RECEIPT);
  }

  /** How long the answer to a request of that length is. */
  public static int answerLength(int requestLength) {
    return requestLength <= LARGEST ? requestLength : RECEIPT;
  }
}
