package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the receiver would have to refuse is not sent. */
class SenderTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "Tenant", "a b", "é", "a\u007f", "a\n"})
  void aKeyThatIsNoneIsRefusedByName(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> content(Map.of(key, "v")))
        .withMessageContaining("'" + key + "'");
  }

  @Test
  void tooManyOrTooLargeHeadersAreRefused() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 129; i++) {
      many.put("k" + i, "");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> content(many));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> content(Map.of("k", "v".repeat(16384 - 4))));
    assertThatIllegalArgumentException().isThrownBy(() -> content(Map.of("k", "é".repeat(8192))));
    assertThat(content(Map.of("k", "v".repeat(16384 - 5))).headers()).hasSize(1);
  }

  @Test
  void aContentTypeThatIsTooLongIsRefused() {
    Text type = Text.of("t".repeat(256));
    assertThatIllegalArgumentException().isThrownBy(() -> new Content(Map.of(), type, new byte[0]));
  }

  @Test
  void metadataThatBreaksTheGrammarIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> hello(Map.of("a.b", "v")));
    assertThatIllegalArgumentException().isThrownBy(() -> hello(Map.of("a", "v".repeat(16384))));
  }

  @Test
  void aLongTextOfAFailureIsCutBetweenCharacters() {
    CloseFrame close =
        CloseFrame.failure(Status.INTERNAL, Stage.HANDLE, Ran.YES, "x" + "🦊".repeat(2000));
    String text = new String(close.content().payload(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(text).isEqualTo("x" + "🦊".repeat(1023));
  }

  @Test
  void aLongReasonIsCut() {
    Bytes out = new Bytes();
    new GoAwayFrame(1, Status.INTERNAL, "é".repeat(5000)).encode(out);
    GoAwayFrame read =
        (GoAwayFrame) AnyFrame.read(ByteBuffer.wrap(out.done()), new Texts()).frame();
    assertThat(read.reason()).isEqualTo("é".repeat(2048));
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, 0, 5000, 0xFFFF_FFFEL, 0xFFFF_FFFFL, 0x1_0000_0000L, Long.MAX_VALUE})
  void aDeadlineNeverWrapsAround(long millis) {
    Bytes out = new Bytes();
    new OpenFrame(1, 1, millis, null, -1, Text.of("a/b"), Content.EMPTY).encode(1, out);
    OpenFrame read =
        (OpenFrame) AnyFrame.read(ByteBuffer.wrap(out.done()), new Texts()).frame();
    assertThat(read.remainingMillis())
        .isEqualTo(Math.max(0, Math.min(millis, Protocol.NO_DEADLINE)));
  }

  private static Content content(Map<String, String> headers) {
    return new Content(headers, Text.EMPTY, new byte[0]);
  }

  private static void hello(Map<String, String> metadata) {
    new HelloFrame(1, "c", "n", new NodeId(1, 2), 65536, 65536, 1, 1, 65536, 0, "x", metadata)
        .encode(new Bytes());
  }
}
