package io.liblink.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens a stream: {@code kind u8 | attempt u8 | remaining_ms u32 | [trace 25] | [credit u32] | target
 * str | content}.
 *
 * @param kind {@link #CALL}, {@link #SUBSCRIBE} or {@link #PUSH}
 * @param attempt 1 for the first
 * @param remainingMillis what is left of the deadline; {@link Protocol#NO_DEADLINE} for none; 0 when nothing is left
 * @param trace the sender's span, or null
 * @param credit items that the opener takes at first; -1 when it wants one reply, not a stream
 * @param target {@code service/endpoint}
 * @param content the request
 */
public record OpenFrame(
    int kind,
    int attempt,
    long remainingMillis,
    @Nullable TraceContext trace,
    long credit,
    Text target,
    Content content) {
  public static final int CALL = 1;
  public static final int SUBSCRIBE = 2;
  public static final int PUSH = 3;

  /** Writes the frame; of a fragmented payload only the length. */
  public void encode(int stream, FrameOutput output) {
    int flags = content.flag();
    int head = 6 + target.size() + content.headSize();
    if (trace != null) {
      flags |= Protocol.FLAG_TRACE;
      head += TraceContext.SIZE;
    }
    if (credit >= 0) {
      flags |= Protocol.FLAG_STREAM;
      head += 4;
    }
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + head);
    Fields.header(out, head + content.inFrame(), Protocol.OPEN, flags, stream);
    out.put((byte) kind).put((byte) attempt).putInt(millis(remainingMillis));
    if (trace != null) {
      trace.encode(out);
    }
    if (credit >= 0) {
      out.putInt((int) credit);
    }
    target.encode(out);
    content.encodeHead(out);
    output.write(content.payload(), 0, content.inFrame());
  }

  /** What does not fit into 32 bits is more than 49 days: as good as no deadline. */
  private static int millis(long remaining) {
    return (int) Math.max(0, Math.min(remaining, Protocol.NO_DEADLINE));
  }

  /** Reads the body. */
  public static OpenFrame decode(ByteBuffer in, int flags, Texts texts) {
    Fields.need(in, 6, "OPEN");
    int kind = in.get() & 0xFF;
    if (kind < CALL || kind > PUSH) {
      throw new ProtocolException("§4.5", "OPEN of unknown kind " + kind);
    }
    int attempt = in.get() & 0xFF;
    if (attempt == 0) {
      throw new ProtocolException("§4.5", "OPEN with attempt 0; the first is 1");
    }
    long remaining = in.getInt() & 0xFFFF_FFFFL;
    TraceContext trace = (flags & Protocol.FLAG_TRACE) == 0 ? null : TraceContext.decode(in);
    long credit = -1;
    if ((flags & Protocol.FLAG_STREAM) != 0) {
      Fields.need(in, 4, "OPEN credit");
      credit = in.getInt() & 0xFFFF_FFFFL;
    }
    Text target = texts.read(in, "OPEN target", Protocol.MAX_TARGET);
    return new OpenFrame(
        kind, attempt, remaining, trace, credit, target, Content.decode(in, flags, texts));
  }

  /** The same with its content whole. */
  public OpenFrame withContent(Content whole) {
    return new OpenFrame(kind, attempt, remainingMillis, trace, credit, target, whole);
  }

  /** The same, when some of its time was spent. */
  public OpenFrame later(long millis) {
    if (remainingMillis == Protocol.NO_DEADLINE || millis <= 0) {
      return this;
    }
    long left = Math.max(0, remainingMillis - millis);
    return new OpenFrame(kind, attempt, left, trace, credit, target, content);
  }
}
