package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.output.Paint;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ErrorTableTest {
  private static final ErrorTable TABLE = ErrorTable.load();

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("spec/errors.json"))) {
      at = at.getParent();
    }
    return at;
  }

  @Test
  void theTableIsTheEnumeration() {
    assertThat(TABLE.statuses()).hasSize(Status.values().length);
    for (Status status : Status.values()) {
      ErrorTable.Entry entry = TABLE.statuses().get(status.code());
      assertThat(entry.name()).isEqualTo(status.name());
      assertThat(entry.code()).isEqualTo(status.code());
    }
  }

  @Test
  void everyStatusHasItsCausesAndACure() {
    for (ErrorTable.Entry e : TABLE.statuses()) {
      assertThat(e.meaning()).as(e.name()).endsWith(".").hasSizeBetween(20, 120);
      assertThat(e.cure()).as(e.name()).endsWith(".");
      assertThat(e.causes().isEmpty()).as(e.name()).isEqualTo(e.code() == 0);
      assertThat(e.causes()).allMatch(c -> !c.isBlank() && !c.endsWith("."));
    }
  }

  @Test
  void aStatusIsFoundByNameCodeAndExitCode() {
    for (ErrorTable.Entry e : TABLE.statuses()) {
      assertThat(TABLE.find(e.name())).isEqualTo(e);
      assertThat(TABLE.find(e.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(e);
      assertThat(TABLE.find(e.name().replace('_', '-'))).isEqualTo(e);
      assertThat(TABLE.find(Integer.toString(e.code()))).isEqualTo(e);
      assertThat(TABLE.find(Integer.toString(e.exitCode()))).isEqualTo(e);
    }
    assertThat(TABLE.find("17")).isNull();
    assertThat(TABLE.find("64")).isNull();
    assertThat(TABLE.find("-1")).isNull();
    assertThat(TABLE.find("")).isNull();
  }

  @Test
  void theExplanationSaysAllOfIt() {
    ErrorTable.Entry entry = TABLE.find("UNAVAILABLE");
    String text = ErrorsCommand.explain(entry, new Paint(false));

    assertThat(text).startsWith("UNAVAILABLE (14, exit code 78)\n");
    assertThat(text).contains(entry.meaning()).contains(entry.cure()).contains("May help.");
    assertThat(entry.causes()).allMatch(text::contains);
  }

  /** {@code -Dliblink.write=true} writes the page anew. */
  @Test
  void thePageInTheDocumentationIsThisTable() throws IOException {
    Path page = root().resolve("docs/errors.md");
    String expected = page(TABLE);
    if (Boolean.getBoolean("liblink.write")) {
      Files.writeString(page, expected);
    }
    assertThat(page).hasContent(expected);
  }

  private static String page(ErrorTable table) {
    StringBuilder s = new StringBuilder("# How a call can end\n\n");
    s.append(
        "Every failure in liblink has one of these status codes, and a program that ends with one");
    s.append(
        " exits with 64 + code.\nNames and numbers are gRPC's. This page is made from `spec/errors.json`;");
    s.append(" `liblink errors` shows the same.\n\n");
    s.append(
        "\"Repeat\" says whether the same request may succeed later without anything being changed.");
    s.append(
        " liblink repeats by\nitself only where the handler did not run or the method is declared");
    s.append(" idempotent.\n\n");
    s.append("| code | name | exit | repeat | meaning |\n|---:|---|---:|---|---|\n");
    for (ErrorTable.Entry e : table.statuses()) {
      s.append("| ").append(e.code()).append(" | ");
      s.append(
          e.code() == 0
              ? e.name()
              : "[" + e.name() + "](#" + e.name().toLowerCase(java.util.Locale.ROOT) + ")");
      s.append(" | ").append(e.exitCode()).append(" | ").append(e.retryable() ? "may help" : "no");
      s.append(" | ").append(e.meaning()).append(" |\n");
    }
    for (ErrorTable.Entry e : table.statuses()) {
      if (e.code() > 0) {
        s.append("\n## ").append(e.name()).append("\n\n").append(e.meaning()).append("\n\n");
        e.causes().forEach(c -> s.append("- ").append(c).append('\n'));
        s.append("\n**What to do.** ").append(e.cure()).append('\n');
      }
    }
    return s.toString();
  }
}
