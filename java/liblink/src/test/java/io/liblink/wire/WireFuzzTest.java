package io.liblink.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/**
 * Any bytes are read or refused, nothing else. In the normal build only the seeds under {@code
 * src/test/resources} run; {@code docs/internals/fuzzing.md} says how to let it search. The fuzzer
 * runs on JDK 17 only.
 */
@EnabledOnJre(JRE.JAVA_17)
class WireFuzzTest {
  private static final int LONGEST = Protocol.HEADER_SIZE + Protocol.FRAME_LIMIT;

  /** The length is not looked at, so that the search reaches the decoders. */
  @FuzzTest(maxDuration = "3m")
  void aBodyIsReadOrRefused(byte[] data) {
    if (data.length < Protocol.HEADER_SIZE || data.length > LONGEST) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(data);
    in.putInt(0, data.length - 4);
    AnyFrame frame;
    try {
      frame = AnyFrame.read(in, new Texts());
    } catch (ProtocolException refused) {
      return;
    }
    if (frame.frame() != null) {
      sameWhenWrittenAgain(frame);
    }
  }

  @FuzzTest(maxDuration = "3m")
  void aLinkIsReadOrRefused(byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data);
    Texts texts = new Texts();
    try {
      while (in.remaining() >= Protocol.HEADER_SIZE) {
        int size = Protocol.bodySize(in.getInt(in.position()), Protocol.FRAME_LIMIT);
        if (in.remaining() < Protocol.HEADER_SIZE + size) {
          return;
        }
        AnyFrame frame = AnyFrame.read(in, texts);
        if (frame.frame() != null) {
          sameWhenWrittenAgain(frame);
        }
      }
    } catch (ProtocolException refused) {
      return;
    }
  }

  private static void sameWhenWrittenAgain(AnyFrame frame) {
    AnyFrame again;
    try {
      again = AnyFrame.read(ByteBuffer.wrap(frame.write()), new Texts());
    } catch (ProtocolException e) {
      throw new AssertionError("what was read is refused when it is written: " + frame, e);
    }
    if (!FrameFields.of(frame).equals(FrameFields.of(again))) {
      throw new AssertionError(frame + " became " + again);
    }
  }
}
