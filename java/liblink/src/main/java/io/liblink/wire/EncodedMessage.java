package io.liblink.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A MESSAGE that is encoded once and sent on many streams: only the number of the stream differs. Its
 * payload is whole (§5.1). Written by one thread until it is handed over, then read by any.
 */
public final class EncodedMessage {
  private static final int SEQUENCE = Protocol.HEADER_SIZE;

  /** Frames up to this size are not split between buffers. */
  private static final int AT_ONCE = 1024;

  private final byte[] frame;

  private EncodedMessage(byte[] frame) {
    this.frame = frame;
  }

  /** Encodes all but the sequence. {@code content} must not be {@linkplain Content#fragmented}. */
  public static EncodedMessage of(@Nullable TraceContext trace, Content content) {
    if (content.fragmented()) {
      throw new IllegalArgumentException("a large message travels in fragments");
    }
    MessageFrame message = new MessageFrame(0, trace, content);
    ArrayOutput out = new ArrayOutput(message.wholeSize());
    message.encode(0, out);
    return new EncodedMessage(out.array);
  }

  /** Sets the sequence, before it is handed over. */
  public void sequence(long sequence) {
    ByteBuffer.wrap(frame).putLong(SEQUENCE, sequence);
  }

  /** Bytes of the whole frame. */
  public int size() {
    return frame.length;
  }

  /** Writes the frame for one stream. */
  public void encode(int stream, FrameOutput output) {
    int head = Protocol.HEADER_SIZE - 4;
    if (frame.length <= AT_ONCE) { // one copy, at the price of a little room at the end of a buffer
      ByteBuffer out = output.reserve(frame.length);
      int at = out.position();
      out.put(frame).putInt(at + head, stream);
      return;
    }
    output.reserve(Protocol.HEADER_SIZE).put(frame, 0, head).putInt(stream);
    output.write(frame, Protocol.HEADER_SIZE, frame.length - Protocol.HEADER_SIZE);
  }

  /** An array of exactly the size of the frame. */
  private static final class ArrayOutput implements FrameOutput {
    final byte[] array;
    private final ByteBuffer buffer;

    ArrayOutput(int size) {
      array = new byte[size];
      buffer = ByteBuffer.wrap(array);
    }

    @Override
    public ByteBuffer reserve(int bytes) {
      return buffer;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      buffer.put(source, offset, length);
    }
  }
}
