package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.key.ClusterKey;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of the guide against the code. */
class GuideTablesTest {
  private static final Pattern FIRST = Pattern.compile("^\\| `([^`]+)`.*");
  private static final Pattern VARIABLE = Pattern.compile("\"(LIBLINK_[A-Z_]+)\"");

  @Test
  void everyReasonOfADropIsExplained() throws IOException {
    List<String> reasons =
        Arrays.stream(Drop.values()).map(d -> d.name().toLowerCase(Locale.ROOT)).toList();

    assertThat(rows("operating", "| reason |").keySet())
        .as("docs/guide/operating.md, reasons of drops, in the order of Drop")
        .containsExactlyElementsOf(reasons);
  }

  @Test
  void everyCounterIsExplained(@TempDir Path directory) throws IOException {
    Set<String> told = new TreeSet<>();
    for (String row : rows("operating", "| counter |").values()) {
      Matcher names =
          Pattern.compile("`([a-z.]+(?:<[A-Za-z]+>)?)`").matcher(row.split("\\|", -1)[1]);
      while (names.find()) {
        told.add(names.group(1));
      }
    }
    try (Node node = Node.join(NodeOptions.cluster("shop", Map.of())
        .key(ClusterKey.generate().text())
        .registry("local:" + directory))) {
      Set<String> counted = node.counters().keySet().stream()
          .map(name -> name.startsWith("drop.") ? "drop.<reason>" : name)
          .map(name -> name.replaceAll("\\.(" + statuses() + ")$", ".<STATUS>"))
          .collect(Collectors.toCollection(TreeSet::new));

      assertThat(told).as("docs/guide/operating.md, counters").isEqualTo(counted);
    }
  }

  @Test
  void theLimitsAreThoseOfANode() throws IOException, ReflectiveOperationException {
    compare(Limits.defaults(), rows("configuration", "| limit |"));
  }

  @Test
  void theTimeoutsAreThoseOfANode() throws IOException, ReflectiveOperationException {
    compare(Timeouts.defaults(), rows("configuration", "| timeout |"));
  }

  @Test
  void everyVariableThatTheLibraryReadsIsExplained() throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(p -> p.toString().endsWith(".java")).toList()) {
        Matcher m = VARIABLE.matcher(Files.readString(source));
        while (m.find()) {
          read.add(m.group(1));
        }
      }
    }
    assertThat(rows("configuration", "| variable |").keySet())
        .containsExactlyInAnyOrderElementsOf(read);
  }

  private static String statuses() {
    return Arrays.stream(Status.values()).map(Enum::name).collect(Collectors.joining("|"));
  }

  /** Each component of the record has a row whose second column is its default. */
  private static void compare(Record defaults, Map<String, String> rows)
      throws ReflectiveOperationException {
    Map<String, String> expected = new LinkedHashMap<>();
    for (var c : defaults.getClass().getRecordComponents()) {
      expected.put(c.getName(), words(c.getAccessor().invoke(defaults)));
    }
    Map<String, String> told = new LinkedHashMap<>();
    rows.forEach((name, row) -> told.put(name, row.split("\\|", -1)[2].trim()));
    assertThat(told).isEqualTo(expected);
  }

  private static String words(Object value) {
    if (value instanceof Duration d) {
      return d.toSeconds() < 60 ? d.toSeconds() + " s" : d.toMinutes() + " min";
    }
    long number = ((Number) value).longValue();
    return number >= 1 << 20 ? (number >> 20) + " MiB" : String.valueOf(number);
  }

  /** The rows of the table with that head, by what stands first in code in them. */
  private static Map<String, String> rows(String page, String head) throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("../../docs/guide/" + page + ".md"))) {
      if (line.startsWith(head)) {
        inside = true;
      } else if (inside && !line.startsWith("|")) {
        break;
      } else if (inside) {
        Matcher m = FIRST.matcher(line);
        if (m.matches()) {
          rows.put(m.group(1), line);
        }
      }
    }
    assertThat(rows).as(page + ".md: table " + head).isNotEmpty();
    return rows;
  }
}
