package io.liblink.bench.report;

import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Pattern;
import io.liblink.bench.report.Results.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** One workload as text, for people: a line for each peer, compared with the reference. */
public final class Table {
  private static final double MIB = 1 << 20;

  private Table() {}

  /** The table of a workload, ending with a line feed. */
  public static String of(Workload workload, Results results) {
    List<Column> columns = columns(workload, results);
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Stream.concat(Stream.of("peer"), columns.stream().map(Column::head)).toList());
    StringBuilder notes = new StringBuilder();
    results.of(workload).forEach((peer, outcome) -> {
      if (outcome.measured()) {
        rows.add(Stream.concat(
                Stream.of(peer), columns.stream().map(c -> c.text().apply(peer, outcome)))
            .toList());
      }
      if (!outcome.unequal().isEmpty()) {
        notes.append("  ").append(peer).append(": ").append(outcome.unequal()).append('\n');
      }
      if (!outcome.skipped().isEmpty()) {
        notes
            .append("  ")
            .append(peer)
            .append(": not measured: ")
            .append(outcome.skipped())
            .append('\n');
      }
    });
    return workload.id() + ": " + workload.title() + "\n" + align(rows) + notes;
  }

  private record Column(String head, BiFunction<String, Outcome, String> text) {
    static Column of(String head, ToDoubleFunction<Outcome> figure) {
      return new Column(head, (peer, o) -> number(figure.applyAsDouble(o)));
    }

    static Column ratio(String head, ToDoubleFunction<Outcome> figure, double base) {
      return new Column(head, (peer, o) -> Table.ratio(figure.applyAsDouble(o), base));
    }
  }

  private static List<Column> columns(Workload workload, Results results) {
    Outcome reference = results.of(workload).getOrDefault("reference", new Outcome());
    if (workload == Workload.IDLE) {
      return List.of(
          Column.of("KiB each", o -> o.idle() / 1024),
          Column.ratio("x reference", Outcome::idle, reference.idle()));
    }
    List<Column> columns = new ArrayList<>();
    columns.add(
        workload.bulk()
            ? Column.of("MiB/s", o -> o.rate() * workload.bytes() / MIB)
            : Column.of(workload.unit() + "/s", Outcome::rate));
    columns.add(Column.ratio("x reference", Outcome::rate, reference.rate()));
    boolean flood = workload.pattern() == Pattern.PUBSUB && workload.perSecond() == 0;
    if (flood) {
      columns.add(Column.of("published/s", o -> o.rate() / workload.parallel()));
      columns.add(Column.of("per CPU s", Outcome::perCpuSecond));
    } else if (workload.pattern() != Pattern.PIPELINE) {
      columns.add(Column.of("p50 us", Outcome::p50));
      columns.add(Column.of("p99 us", o -> o.median(s -> s.slice().p99())));
      columns.add(Column.of("p99.9 us", o -> o.median(s -> s.slice().p999())));
    }
    if (workload == Workload.PUBSUB_LATENCY) {
      columns.add(new Column(
          "half call-64",
          (peer, o) -> halfCall(results, peer).map(Table::number).orElse("-")));
      columns.add(new Column(
          "x half",
          (peer, o) -> halfCall(results, peer).map(half -> ratio(o.p50(), half)).orElse("-")));
    }
    columns.add(
        workload.bulk()
            ? Column.of("CPU s/GiB", o -> o.cpuPerMillion() / 1e6 * (1 << 30) / workload.bytes())
            : Column.of("CPU s/M", Outcome::cpuPerMillion));
    if (workload == Workload.MIXED) {
      columns.add(Column.of("transfer MiB/s", o -> o.median(s -> s.slice().transfer()) / MIB));
      columns.add(new Column(
          "x alone",
          (peer, o) -> ratio(
              o.median(s -> s.slice().transfer()), o.median(s -> s.slice().transferAlone()))));
    }
    columns.add(new Column(
        "RSS MiB",
        (peer, o) -> number(o.median(s -> s.clientBytes()) / MIB) + "+"
            + number(o.median(s -> s.serverBytes()) / MIB)));
    columns.add(Column.of("other", o -> o.median(s -> s.otherCores())));
    columns.add(Column.of("stolen", o -> o.median(s -> s.stolenCores())));
    return columns;
  }

  /** What one way of a call takes the same peer, when that was measured in the same run. */
  private static Optional<Double> halfCall(Results results, String peer) {
    return results.measured(Workload.CALL_64, peer).map(call -> call.p50() / 2);
  }

  static String ratio(double value, double base) {
    return base == 0
        ? "-"
        : String.format(Locale.ROOT, value / base < 0.1 ? "%.3f" : "%.2f", value / base);
  }

  /** Three digits are enough for what this machine can tell. */
  static String number(double value) {
    if (value >= 1000) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String align(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(" ");
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(width[i] - row.get(i).length());
        text.append(' ').append(i == 0 ? row.get(i) + pad : " " + pad + row.get(i));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
