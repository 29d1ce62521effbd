package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextsTest {
  private final Texts texts = new Texts();

  @Test
  void aNameThatWasReadBeforeIsTheSameObject() {
    assertThat(read("pricing/quote")).isSameAs(read("pricing/quote"));
    assertThat(read("größe")).isSameAs(read("größe"));
  }

  @Test
  void nothingIsOneObject() {
    assertThat(read("")).isSameAs(Text.EMPTY);
  }

  @Test
  void stringsThatDifferOnlyWhereTheHashDoesNotLookAreToldApart() {
    String one = "aXaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    String other = "aaaaaXaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for (int i = 0; i < 3; i++) {
      assertThat(read(one).toString()).isEqualTo(one);
      assertThat(read(other).toString()).isEqualTo(other);
    }
  }

  @Test
  void aStringIsReadAsItIsWhateverWasReadBefore() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(random.nextInt(20) == 0 ? 'é' : (char) ('a' + random.nextInt(2)));
      }
      assertThat(read(text.toString()).toString()).as("seed %d", seed).isEqualTo(text.toString());
    }
  }

  @Test
  void whatIsKeptDoesNotChangeWithTheBuffer() {
    byte[] bytes = {0, 2, 'o', 'k'};
    Text text = texts.read(ByteBuffer.wrap(bytes), "test");
    bytes[2] = 'x';
    assertThat(text.toString()).isEqualTo("ok");
    assertThat(texts.read(ByteBuffer.wrap(bytes), "test").toString()).isEqualTo("xk");
  }

  @Test
  void aLongStringIsReadAndNotKept() {
    String text = "l".repeat(201);
    assertThat(read(text)).isEqualTo(read(text)).isNotSameAs(read(text));
  }

  private Text read(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer in =
        ByteBuffer.allocate(2 + utf8.length).putShort((short) utf8.length).put(utf8);
    Text read = texts.read(in.flip(), "test");
    assertThat(in.hasRemaining()).isFalse();
    return read;
  }
}
