package io.liblink.identity.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.testing.Gen;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
  @Test
  void whatIsWrittenIsRead() {
    Gen.check(300, gen -> {
      byte[] content = gen.bytes(gen.oneOf(10, 127, 128, 255, 256, 5000));
      byte[] element = Der.tlv(Der.OCTET_STRING, content);
      DerReader reader = new DerReader(Der.sequence(element, element)).enter(Der.SEQUENCE);

      assertThat(reader.element(Der.OCTET_STRING)).isEqualTo(element);
      assertThat(reader.content(Der.OCTET_STRING)).isEqualTo(content);
      reader.end();
      assertThat(reader.peek()).isEqualTo(-1);
    });
  }

  @Test
  void arbitraryBytesGiveAnElementOrARefusal() {
    Gen.check(3000, gen -> {
      byte[] bytes = gen.bytes(40);
      DerReader reader = new DerReader(bytes);
      try {
        while (reader.peek() >= 0) {
          assertThat(reader.element(reader.peek())).isNotEmpty();
        }
      } catch (DerException e) {
        assertThat(e).hasMessageMatching("(a|an|the|expected|bytes) .*");
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
    "'', the bytes end",
    "30, the bytes end in a header",
    "3080, indefinite",
    "30800000, indefinite",
    "3081, cut off",
    "308200, cut off",
    "3083000001, beyond 64 KiB",
    "3084ffffffff, beyond 64 KiB",
    "30ff, beyond 64 KiB",
    "308100, shortest form",
    "30817f, shortest form",
    "308200ff, shortest form",
    "3001, longer than what holds it",
    "307f00, longer than what holds it",
    "30820100, longer than what holds it",
    "3100, expected tag 0x30",
    "3f8100, expected tag 0x30"
  })
  void whatIsNotDerIsRefused(String hex, String why) {
    assertThatThrownBy(() -> new DerReader(HexFormat.of().parseHex(hex)).enter(Der.SEQUENCE))
        .isInstanceOf(DerException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anElementStaysInsideWhatHoldsIt() throws Exception {
    DerReader inner = new DerReader(HexFormat.of().parseHex("300204050102030405")).enter(0x30);

    assertThatThrownBy(() -> inner.content(Der.OCTET_STRING)).isInstanceOf(DerException.class);
  }

  @Test
  void leftoverBytesAreRefused() throws Exception {
    DerReader reader = new DerReader(HexFormat.of().parseHex("300000"));
    reader.enter(Der.SEQUENCE);

    assertThatThrownBy(reader::end).isInstanceOf(DerException.class);
  }

  @Test
  void moreThanALengthOfTwoBytesIsNotWritten() {
    assertThatThrownBy(() -> Der.tlv(Der.OCTET_STRING, new byte[0x10000]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1950-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2000-02-29T12:30:00Z",
        "2049-12-31T23:59:59Z"
      })
  void aDateComesBack(String date) throws Exception {
    long millis = Instant.parse(date).toEpochMilli();

    assertThat(new DerReader(Der.utcTime(millis)).utcTime()).isEqualTo(millis);
    assertThat(new DerReader(Der.utcTime(millis + 999)).utcTime()).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1949-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "0000-01-01T00:00:00Z"})
  void aDateThatUtcTimeCannotSayIsRefused(String date) {
    long millis = Instant.parse(date).toEpochMilli();

    assertThatThrownBy(() -> Der.utcTime(millis)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "200101000000",
        "2001010000Z",
        "200101000000+0100",
        "20010100000 Z",
        "2001010000-1Z",
        "201301000000Z",
        "200230000000Z",
        "210229000000Z",
        "200101240000Z",
        "200101006000Z",
        "200101000060Z",
        "20200101000000Z"
      })
  void whatIsNoDateIsRefused(String text) {
    byte[] element =
        Der.tlv(Der.UTC_TIME, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> new DerReader(element).utcTime()).isInstanceOf(DerException.class);
  }

  @Test
  void base32ComesBack() {
    Gen.check(200, gen -> {
      byte[] bytes = new byte[5 * gen.between(0, 12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) gen.anInt();
      }
      assertThat(Base32.decode(Base32.encode(bytes))).isEqualTo(bytes);
      assertThat(Base32.encode(bytes)).matches("[a-z2-7]*").hasSize(bytes.length / 5 * 8);
    });
  }
}
