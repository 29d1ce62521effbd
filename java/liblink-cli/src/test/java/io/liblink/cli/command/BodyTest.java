package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.args.Parser;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.message.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTest {
  private static final Shape SHAPE =
      Shape.of("call", "").parameters("[BODY]").options(Body.DATA, Body.HEADER, Body.TYPE);

  @TempDir
  Path directory;

  private static Message body(InputStream in, String... words) throws IOException {
    var arguments = new Parser(SHAPE, List.of()).parse(List.of(words));
    return Body.of(arguments, arguments.find(0), in);
  }

  private static Message body(String... words) throws IOException {
    return body(InputStream.nullInputStream(), words);
  }

  @Test
  void withoutABodyTheMessageIsEmptyAndStandardInputIsLeftAlone() throws IOException {
    InputStream untouched = new InputStream() {
      @Override
      public int read() {
        throw new AssertionError("nobody asked for standard input");
      }
    };

    assertThat(body(untouched).payload()).isEmpty();
  }

  @Test
  void theBodyComesFromAParameterAnOptionAFileOrStandardInput() throws IOException {
    Path file = Files.writeString(directory.resolve("b"), "from a file");
    byte[] piped = "piped".getBytes(StandardCharsets.UTF_8);

    assertThat(body("Ada").text()).isEqualTo("Ada");
    assertThat(body("-d", "Ada").text()).isEqualTo("Ada");
    assertThat(body("-d", "@" + file).text()).isEqualTo("from a file");
    assertThat(body(new ByteArrayInputStream(piped), "-d", "@-").text()).isEqualTo("piped");
    assertThat(body(new ByteArrayInputStream(piped), "-").text()).isEqualTo("piped");
    assertThat(body("@notafile").text()).isEqualTo("@notafile");
  }

  @ParameterizedTest
  @CsvSource({
    "Ada, text/plain",
    "'{\"a\": 1}', application/json",
    "' [1, 2] ', application/json",
    "{unfinished, text/plain",
    "5, text/plain",
  })
  void theTypeIsToldFromTheLooks(String text, String type) throws IOException {
    assertThat(body(text).contentType()).isEqualTo(type);
  }

  @Test
  void whatIsNotTextIsBytes() {
    assertThat(Body.contentType(null, new byte[] {(byte) 0xff, 0, 1})).isEqualTo(Message.BYTES);
  }

  @Test
  void theTypeThatWasSaidWins() throws IOException {
    assertThat(body("5", "--type", "json").contentType()).isEqualTo(Message.JSON);
    assertThat(body("{}", "-t", "text").contentType()).isEqualTo(Message.TEXT);
    assertThat(body("{}", "-t", "image/png").contentType()).isEqualTo("image/png");
  }

  @Test
  void headersTravelInLowerCase() throws IOException {
    assertThat(body("-H", "Tenant=7", "-H", "x=a=b").headers())
        .containsEntry("tenant", "7")
        .containsEntry("x", "a=b");
  }

  @Test
  void aBodyBeyondTheLargestMessageIsRefusedWithoutReadingAllOfIt() {
    InputStream endless = new InputStream() {
      @Override
      public int read() {
        return 'x';
      }

      @Override
      public int read(byte[] b, int off, int len) {
        return len;
      }
    };

    assertThatThrownBy(() -> body(endless, "-d", "@-"))
        .isInstanceOf(UsageException.class)
        .hasMessage("standard input holds more than the largest message, 64 MiB");
  }
}
