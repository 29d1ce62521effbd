package io.liblink.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context in its 25 bytes: trace id, span id of the sender, flags.
 *
 * @param traceHigh the first eight bytes of the trace id
 * @param traceLow the last eight bytes of the trace id
 * @param span the span that sent this
 * @param flags bit 0: sampled; bit 1: the trace id is random
 */
public record TraceContext(long traceHigh, long traceLow, long span, int flags) {
  /** Bytes on the wire. */
  public static final int SIZE = 25;

  /** A new trace, not sampled. */
  public static TraceContext start() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new TraceContext(nonZero(random), random.nextLong(), nonZero(random), 2);
  }

  /** Another span of the same trace. */
  public TraceContext child() {
    return new TraceContext(traceHigh, traceLow, nonZero(ThreadLocalRandom.current()), flags);
  }

  private static long nonZero(ThreadLocalRandom random) {
    long value = random.nextLong();
    return value == 0 ? 1 : value;
  }

  void encode(ByteBuffer out) {
    out.putLong(traceHigh).putLong(traceLow).putLong(span).put((byte) flags);
  }

  /** Null when the trace or the span is all zeros, which W3C calls no trace at all. */
  static @Nullable TraceContext decode(ByteBuffer in) {
    Fields.need(in, SIZE, "trace context");
    long high = in.getLong();
    long low = in.getLong();
    long span = in.getLong();
    int flags = in.get() & 0xFF;
    return (high | low) == 0 || span == 0 ? null : new TraceContext(high, low, span, flags);
  }

  /** {@code 00-<trace id>-<span id>-<flags>}. */
  public String traceparent() {
    HexFormat hex = HexFormat.of();
    return "00-"
        + hex.toHexDigits(traceHigh)
        + hex.toHexDigits(traceLow)
        + "-"
        + hex.toHexDigits(span)
        + "-"
        + hex.toHexDigits((byte) flags);
  }
}
