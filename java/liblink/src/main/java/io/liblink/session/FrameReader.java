package io.liblink.session;

import io.liblink.wire.ContinueFrame;
import io.liblink.wire.Protocol;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a link into frames. A frame that lies whole in the input is handed on in place;
 * one that is cut is put together in a buffer of its exact size, which the frame limit bounds.
 * Fragments are never put together here: their bytes are handed on as they come.
 */
final class FrameReader {
  /** Where frames go. What is thrown ends the link. */
  interface Sink {
    /** A whole frame; the buffer's position and limit are its body. */
    void frame(int type, int flags, int stream, ByteBuffer body, long now);

    /** A CONTINUE begins; its bytes follow. */
    void fragmentStarts(int stream, int length, long now);

    /** Takes exactly {@code length} bytes of the fragment from the buffer. */
    void fragmentBytes(ByteBuffer in, int length, long now);

    /** Whether no more frames are wanted: the rest of the input is ignored. */
    boolean isOver();

    /** A frame of an unknown optional type is passed over. */
    void skipped(int type);
  }

  private final Sink sink;
  private final ByteBuffer header = ByteBuffer.allocate(Protocol.HEADER_SIZE);
  private @Nullable ByteBuffer body;
  private int type;
  private int flags;
  private int stream;
  private int fragmentLeft;
  private int skipLeft;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  /** Consumes all of the input, unless the sink has enough. */
  void read(ByteBuffer in, long now) {
    while (in.hasRemaining() && !sink.isOver()) {
      if (fragmentLeft > 0) {
        int n = Math.min(fragmentLeft, in.remaining());
        fragmentLeft -= n;
        sink.fragmentBytes(in, n, now);
      } else if (skipLeft > 0) {
        int n = Math.min(skipLeft, in.remaining());
        skipLeft -= n;
        in.position(in.position() + n);
      } else if (body != null) {
        continueBody(body, in, now);
      } else if (header.position() > 0 || in.remaining() < Protocol.HEADER_SIZE) {
        continueHeader(in, now);
      } else {
        startFrame(in, in, now);
      }
    }
  }

  private void continueHeader(ByteBuffer in, long now) {
    while (header.hasRemaining() && in.hasRemaining()) {
      header.put(in.get());
    }
    if (!header.hasRemaining()) {
      header.flip();
      startFrame(header, in, now);
      header.clear();
    }
  }

  private void startFrame(ByteBuffer head, ByteBuffer in, long now) {
    int size = Protocol.bodySize(head.getInt(), Protocol.FRAME_LIMIT);
    type = head.get() & 0xFF;
    flags = head.get() & 0xFF;
    stream = head.getInt();
    if (!Protocol.accepts(type, flags, stream)) {
      skipLeft = size;
      sink.skipped(type);
    } else if (type == Protocol.CONTINUE) {
      ContinueFrame.check(size);
      fragmentLeft = size;
      sink.fragmentStarts(stream, size, now);
    } else {
      wholeOrPart(size, in, now);
    }
  }

  private void wholeOrPart(int size, ByteBuffer in, long now) {
    if (in.remaining() >= size) {
      int limit = in.limit();
      int end = in.position() + size;
      in.limit(end);
      sink.frame(type, flags, stream, in, now);
      in.limit(limit).position(end);
    } else {
      ByteBuffer part = ByteBuffer.allocate(size);
      part.put(in);
      body = part;
    }
  }

  private void continueBody(ByteBuffer part, ByteBuffer in, long now) {
    int n = Math.min(part.remaining(), in.remaining());
    part.put(part.position(), in, in.position(), n);
    part.position(part.position() + n);
    in.position(in.position() + n);
    if (!part.hasRemaining()) {
      body = null;
      sink.frame(type, flags, stream, part.flip(), now);
    }
  }
}
