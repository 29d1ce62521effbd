package io.liblink.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
  private static final Paint PLAIN = new Paint(false);

  @ParameterizedTest
  @CsvSource({
    "0, 0 ns",
    "999, 999 ns",
    "1000, 1 µs",
    "12345, 12.3 µs",
    "123456, 123 µs",
    "1250000, 1.25 ms",
    "999499999, 999 ms",
    "1000000000, 1 s",
    "59900000000, 59.9 s",
    "60000000000, 1 min",
    "65000000000, 1 min 5 s",
    "3600000000000, 1 h",
    "5400000000000, 1 h 30 min",
    "259200000000000, 3 days",
  })
  void timesHaveThreeDigitsAndAUnit(long nanos, String expected) {
    assertThat(Figures.time(nanos)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "67108864, 64 MiB",
    "3221225472, 3 GiB"
  })
  void sizesHaveTheirUnit(long bytes, String expected) {
    assertThat(Figures.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "12.345, 12.3", "842, 842", "84210, 84.2k", "1020000, 1.02M", "999.96, 1000"})
  void ratesAreShort(double rate, String expected) {
    assertThat(Figures.rate(rate)).isEqualTo(expected);
  }

  @Test
  void countsAreGroupedAndHaveTheirNoun() {
    assertThat(Figures.count(1, "call")).isEqualTo("1 call");
    assertThat(Figures.count(0, "call")).isEqualTo("0 calls");
    assertThat(Figures.count(1234567, "call")).isEqualTo("1,234,567 calls");
    assertThat(Figures.grouped(-1234)).isEqualTo("-1,234");
    assertThat(Figures.grouped(-123)).isEqualTo("-123");
  }

  @Test
  void aTableAlignsAndHasNoTrailingBlanks() {
    Table table = new Table("NAME", ">N", "NOTE").row("a", "1", "x").row("größer", "100", "");

    assertThat(table.render(PLAIN)).isEqualTo("NAME      N  NOTE\na         1  x\ngrößer  100\n");
  }

  @Test
  void aRowOfAnotherWidthIsRefused() {
    assertThatThrownBy(() -> new Table("A", "B").row("only one"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTerminalsGetColours() {
    Console both = console(new ByteArrayOutputStream(), "12", true);
    Console data = console(new ByteArrayOutputStream(), "1", true);
    Console none = console(new ByteArrayOutputStream(), "12", false);

    assertThat(both.paint().red("x")).isEqualTo("\u001b[31mx\u001b[0m");
    assertThat(data.dataPaint().bold("x")).contains("\u001b[1m");
    assertThat(data.paint().red("x")).isEqualTo("x");
    assertThat(none.paint().red("x")).isEqualTo("x");
    assertThat(none.dataPaint().green("x")).isEqualTo("x");
  }

  @Test
  void quietSilencesNarrationButNotProblems() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err, "", false);
    console.quiet();
    console.say("narration");
    console.problem("problem");

    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("problem\n");
  }

  @Test
  void aBrokenPipeEndsTheDataAndNotTheNarration() {
    OutputStream broken = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
    Console console = console(broken, "", false);

    assertThatThrownBy(() -> console.line("data")).isInstanceOf(BrokenPipe.class);
    new Console(InputStream.nullInputStream(), broken, broken, "", false).say("nobody listens");
  }

  private static Console console(OutputStream out, String terminals, boolean colours) {
    return new Console(
        InputStream.nullInputStream(), out, OutputStream.nullOutputStream(), terminals, colours);
  }
}
