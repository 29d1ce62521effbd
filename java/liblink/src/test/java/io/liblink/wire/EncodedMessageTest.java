package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.testing.Gen;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedMessageTest {
  @Test
  void itIsTheSameFrameOnEveryStream() {
    Gen.check(200, gen -> {
      Map<String, String> headers = gen.map(5, g -> g.word("abc-", 8) + "x", g -> g.text(20));
      Content content =
          new Content(headers, Text.of(gen.word("a/b", 9)), gen.bytes(Protocol.WHOLE_PAYLOAD));
      TraceContext trace = gen.aBoolean() ? TraceContext.start() : null;
      long sequence = gen.aLong();
      EncodedMessage once = EncodedMessage.of(trace, content);
      once.sequence(sequence);

      for (int stream : new int[] {1, 2, 77, Protocol.MAX_STREAM}) {
        Bytes expected = new Bytes();
        new MessageFrame(sequence, trace, content).encode(stream, expected);
        Bytes out = new Bytes();
        once.encode(stream, out);
        assertThat(out.done()).isEqualTo(expected.done());
        assertThat(once.size()).isEqualTo(out.done().length);
      }
    });
  }

  @Test
  void aLargeMessageIsNotEncodedOnce() {
    Content large = new Content(Map.of(), Text.EMPTY, new byte[Protocol.WHOLE_PAYLOAD + 1]);
    assertThatThrownBy(() -> EncodedMessage.of(null, large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fragments");
  }
}
