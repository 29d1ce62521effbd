package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.FrameVectors;
import io.liblink.testing.Vector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PrefixTest {
  /** A frame may end early only inside a payload, which then is shorter. */
  @TestFactory
  Stream<DynamicTest> noFrameMayEndBeforeItsPayload() throws IOException {
    return FrameVectors.good().stream()
        .filter(v -> v.frame() != null)
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> cutEverywhere(v)));
  }

  private static void cutEverywhere(Vector v) {
    AnyFrame whole = AnyFrame.read(ByteBuffer.wrap(v.bytes()), new Texts());
    int size = v.bytes().length - Protocol.HEADER_SIZE;
    int head = size - payload(whole);
    for (int cut = 0; cut < size; cut++) {
      byte[] body = Arrays.copyOfRange(v.bytes(), Protocol.HEADER_SIZE, Protocol.HEADER_SIZE + cut);
      boolean read;
      try {
        AnyFrame.decode(whole.type(), whole.flags(), ByteBuffer.wrap(body), new Texts());
        read = true;
      } catch (ProtocolException refused) {
        read = false;
      }
      assertThat(read).as("cut to %d of %d bytes", cut, size).isEqualTo(cut >= head);
    }
  }

  private static int payload(AnyFrame frame) {
    if (frame.frame() instanceof byte[] fragment) {
      return fragment.length - 1; // an empty fragment is refused
    }
    Content content = frame.content();
    return content == null ? 0 : Objects.requireNonNull(content).payload().length;
  }
}
