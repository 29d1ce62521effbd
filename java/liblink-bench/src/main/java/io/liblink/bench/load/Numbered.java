package io.liblink.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Payloads that say which they are: number from 1 and, where the latency counts, when they were
 * made. The clock is that of {@link System#nanoTime}, which all processes of a Linux machine share.
 */
final class Numbered {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int STAMP_AT = 8;

  private final byte[] template;

  Numbered(int bytes) {
    template = AsyncLoad.payload(bytes);
  }

  /** A new payload; {@code stampNanos} 0 for none. */
  byte[] make(long number, long stampNanos) {
    byte[] payload = template.clone();
    LONGS.set(payload, 0, number);
    LONGS.set(payload, STAMP_AT, stampNanos);
    return payload;
  }

  static long number(byte[] payload) {
    return (long) LONGS.get(payload, 0);
  }

  static long stamp(byte[] payload) {
    return (long) LONGS.get(payload, STAMP_AT);
  }
}
