package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final int FRAMES = 4000;

  /** One cache for all frames, as on a link. */
  private final Texts texts = new Texts();

  @Test
  void whatIsWrittenIsReadFromAnyKindOfBuffer() {
    long seed = new Random().nextLong();
    RandomFrames frames = new RandomFrames(seed);
    for (int i = 0; i < FRAMES; i++) {
      AnyFrame frame = frames.next();
      byte[] bytes = frame.write();
      for (ByteBuffer in : buffers(bytes)) {
        AnyFrame read = AnyFrame.read(in, texts);
        assertThat(in.hasRemaining()).isFalse();
        assertThat(read.write()).as("seed %d, frame %d", seed, i).isEqualTo(bytes);
        assertThat(fields(read)).as("seed %d, frame %d", seed, i).isEqualTo(fields(frame));
      }
    }
  }

  @Test
  void aFragmentedMessageIsTheSameOnceItsPayloadIsThere() {
    byte[] payload = new byte[Protocol.WHOLE_PAYLOAD + 1];
    Content content = new Content(Map.of("a", "b"), Text.of("x/y"), payload);
    OpenFrame open = new OpenFrame(1, 1, 5, null, -1, Text.of("a/b"), content);
    Bytes out = new Bytes();
    open.encode(1, out);

    OpenFrame head =
        (OpenFrame) AnyFrame.read(ByteBuffer.wrap(out.done()), texts).frame();

    assertThat(head.content().fragmented()).isTrue();
    assertThat(head.content().total()).isEqualTo(payload.length);
    assertThat(head.content().payload()).isEmpty();
    assertThat(head.withContent(head.content().withPayload(payload))).isEqualTo(open);
  }

  private static Map<String, Object> fields(AnyFrame frame) {
    return FrameFields.of(frame);
  }

  private static ByteBuffer[] buffers(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    ByteBuffer slice = ByteBuffer.allocate(bytes.length + 13).position(7).slice();
    slice.put(bytes).flip();
    ByteBuffer directSlice =
        ByteBuffer.allocateDirect(bytes.length + 13).position(3).slice();
    directSlice.put(bytes).flip();
    return new ByteBuffer[] {
      ByteBuffer.wrap(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer(), direct, slice, directSlice
    };
  }
}
