package io.liblink.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One item on an open stream: {@code sequence u64 | [trace 25] | content}.
 *
 * @param sequence counts the items of a stream; from 1, unless the pattern says otherwise
 * @param trace the sender's span, or null
 * @param content the item
 */
public record MessageFrame(long sequence, @Nullable TraceContext trace, Content content) {
  /** Writes the frame; of a fragmented payload only the length. */
  public void encode(int stream, FrameOutput output) {
    int head = 8 + content.headSize() + (trace == null ? 0 : TraceContext.SIZE);
    int flags = content.flag() | (trace == null ? 0 : Protocol.FLAG_TRACE);
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + head);
    Fields.header(out, head + content.inFrame(), Protocol.MESSAGE, flags, stream);
    out.putLong(sequence);
    if (trace != null) {
      trace.encode(out);
    }
    content.encodeHead(out);
    output.write(content.payload(), 0, content.inFrame());
  }

  /** Bytes of the frame when it is not fragmented. */
  int wholeSize() {
    int trail = trace == null ? 0 : TraceContext.SIZE;
    return Protocol.HEADER_SIZE + 8 + trail + content.headSize() + content.inFrame();
  }

  /** Reads the body. */
  public static MessageFrame decode(ByteBuffer in, int flags, Texts texts) {
    Fields.need(in, 8, "MESSAGE sequence");
    long sequence = in.getLong();
    TraceContext trace = (flags & Protocol.FLAG_TRACE) == 0 ? null : TraceContext.decode(in);
    return new MessageFrame(sequence, trace, Content.decode(in, flags, texts));
  }

  /** The same with its content whole. */
  public MessageFrame withContent(Content whole) {
    return new MessageFrame(sequence, trace, whole);
  }
}
