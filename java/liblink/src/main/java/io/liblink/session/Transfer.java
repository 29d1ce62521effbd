package io.liblink.session;

/** A payload on its way out in fragments. */
final class Transfer {
  final Stream stream;
  final byte[] payload;

  /** Whether this is the last message of the stream: the stream leaves the session with it. */
  final boolean last;

  int offset;
  boolean cancelled;

  Transfer(Stream stream, byte[] payload, boolean last) {
    this.stream = stream;
    this.payload = payload;
    this.last = last;
  }

  int left() {
    return payload.length - offset;
  }
}
