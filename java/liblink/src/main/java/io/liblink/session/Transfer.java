package io.liblink.session;

/** A payload on its way out in fragments. */
final class Transfer {
  private static final byte[] NOTHING = new byte[0];

  final Stream stream;

  /** Whether this is the last message of the stream: the stream leaves the session with it. */
  final boolean last;

  private final int size;
  private byte[] payload;
  private int offset;

  Transfer(Stream stream, byte[] payload, boolean last) {
    this.stream = stream;
    this.payload = payload;
    this.size = payload.length;
    this.last = last;
  }

  byte[] payload() {
    return payload;
  }

  int offset() {
    return offset;
  }

  /** Bytes in all. */
  int size() {
    return size;
  }

  int left() {
    return payload.length - offset;
  }

  void sent(int bytes) {
    offset += bytes;
  }

  boolean isCancelled() {
    return payload.length == 0;
  }

  /** Nothing more is sent, and the memory is free at once. */
  void cancel() {
    payload = NOTHING;
    offset = 0;
  }
}
