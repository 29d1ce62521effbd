package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.FrameVectors;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a frame announces costs nothing; only what is there does. */
class AllocationTest {
  /** An object, its map and the cache of names: the same whatever is announced. */
  private static final long FIXED = 4096;

  /** A header of a few bytes becomes two strings, two arrays and a node of a map. */
  private static final int PER_BYTE = 60;

  @TestFactory
  Stream<DynamicTest> aFrameCostsNoMoreThanItsSize() throws IOException {
    return Stream.concat(
            Stream.concat(FrameVectors.good().stream(), FrameVectors.bad().stream())
                .map(v -> Map.entry(v.name(), v.bytes())),
            announcements())
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
          long limit = FIXED + (long) PER_BYTE * e.getValue().length;
          read(e.getValue()); // loads classes
          long least = Math.min(read(e.getValue()), read(e.getValue()));
          assertThat(least).isPositive().isLessThan(limit);
        }));
  }

  private static Stream<Map.Entry<String, byte[]>> announcements() {
    RawBytes counts = RawFrame.open(1, 1).str("a/b").u16(128).str("k").str("v").u16(0xFFFF);
    return Stream.of(
        Map.entry("128 headers, one there", RawFrame.of(0x10, 0, 1, counts).bytes()),
        Map.entry(
            "64 KiB of target",
            RawFrame.of(0x10, 0, 1, RawFrame.open(1, 1).u16(0xFFFF)).bytes()),
        Map.entry("4 GiB of payload", RawFrame.largeCall(1, "a/b", 0xFFFF_FFFFL).bytes()));
  }

  private static long read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Texts texts = new Texts();
    long before = Allocated.byThisThread();
    try {
      AnyFrame.read(in, texts);
    } catch (ProtocolException refused) {
      return Allocated.byThisThread() - before;
    }
    return Allocated.byThisThread() - before;
  }
}
