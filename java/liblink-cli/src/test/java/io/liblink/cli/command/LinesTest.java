package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.args.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> all(InputStream in) throws IOException {
    Lines lines = new Lines(in, "the file");
    List<String> all = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      all.add(new String(line, StandardCharsets.UTF_8));
    }
    assertThat(lines.next()).isNull();
    return all;
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyLineIsGivenOutEmptyOnesIncludedAndTheLastNeedsNoLineFeed() throws IOException {
    assertThat(all(in(""))).isEmpty();
    assertThat(all(in("\n"))).containsExactly("");
    assertThat(all(in("a\n\nb"))).containsExactly("a", "", "b");
    assertThat(all(in("a\r\nb\n"))).containsExactly("a\r", "b");
  }

  @Test
  void linesThatAreLongerThanWhatIsReadAtOnceStayWhole() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> wanted = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      String line = "x".repeat(random.nextInt(40_000));
      wanted.add(line);
      text.append(line).append('\n');
    }

    assertThat(all(in(text.toString()))).isEqualTo(wanted);
    assertThat(all(new Dripping(in(text.toString())))).isEqualTo(wanted);
  }

  @Test
  void aLineThatIsThereIsReady() throws IOException {
    Lines lines = new Lines(new Dripping(in("ab\ncd\n")), "the file");

    assertThat(lines.ready()).isFalse();
    lines.next();
    assertThat(lines.ready()).isFalse();
    Lines buffered = new Lines(in("ab\ncd\n"), "the file");
    assertThat(buffered.ready()).isTrue();
    buffered.next();
    assertThat(buffered.ready()).isTrue();
    buffered.next();
    assertThat(buffered.ready()).isFalse();
  }

  @Test
  void aLineBeyondTheLargestMessageIsRefused() {
    InputStream endless = new InputStream() {
      @Override
      public int read() {
        return 'x';
      }

      @Override
      public int read(byte[] bytes, int from, int length) {
        java.util.Arrays.fill(bytes, from, from + length, (byte) 'x');
        return length;
      }
    };

    assertThatThrownBy(() -> new Lines(endless, "the file").next())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("a line of the file has more than the largest message, 64 MiB");
  }

  /** Gives out a few bytes at a time, and never says that there are more. */
  private static final class Dripping extends InputStream {
    private final InputStream in;
    private int next;

    Dripping(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      next = next % 4_999 + 1;
      return in.read(bytes, from, Math.min(next, length));
    }
  }
}
