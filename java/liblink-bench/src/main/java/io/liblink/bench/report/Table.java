package io.liblink.bench.report;

import io.liblink.bench.load.Workload;
import io.liblink.bench.report.Results.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One workload as text, for people: a line for each peer, compared with the reference. */
public final class Table {
  private static final double MIB = 1 << 20;

  private Table() {}

  /** The table of a workload, ending with a line feed. */
  public static String of(Workload workload, Map<String, Outcome> outcomes) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head(workload));
    Outcome reference = outcomes.getOrDefault("reference", new Outcome());
    StringBuilder notes = new StringBuilder();
    outcomes.forEach((peer, outcome) -> {
      if (outcome.measured()) {
        rows.add(row(workload, peer, outcome, reference));
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

  private static List<String> head(Workload workload) {
    if (workload == Workload.IDLE) {
      return List.of("peer", "KiB each", "x reference");
    }
    List<String> head = new ArrayList<>(List.of(
        "peer",
        workload.bulk() ? "MiB/s" : "calls/s",
        "x reference",
        "p50 us",
        "p99 us",
        "p99.9 us",
        workload.bulk() ? "CPU s/GiB" : "CPU s/M"));
    if (workload == Workload.MIXED) {
      head.addAll(List.of("transfer MiB/s", "x alone"));
    }
    head.addAll(List.of("RSS MiB", "other", "stolen"));
    return head;
  }

  private static List<String> row(Workload workload, String peer, Outcome o, Outcome reference) {
    if (workload == Workload.IDLE) {
      return List.of(peer, number(o.idle() / 1024), ratio(o.idle(), reference.idle()));
    }
    double callBytes = workload.bulk() ? workload.bytes() / MIB : 1;
    List<String> row = new ArrayList<>(List.of(
        peer,
        number(o.rate() * callBytes),
        ratio(o.rate(), reference.rate()),
        number(o.median(s -> s.slice().p50())),
        number(o.median(s -> s.slice().p99())),
        number(o.median(s -> s.slice().p999())),
        number(
            workload.bulk()
                ? o.cpuPerMillion() / 1e6 * (1 << 30) / workload.bytes()
                : o.cpuPerMillion())));
    if (workload == Workload.MIXED) {
      row.add(number(o.median(s -> s.slice().transfer()) / MIB));
      row.add(ratio(o.median(s -> s.slice().transfer()), o.median(s -> s.slice().transferAlone())));
    }
    row.add(number(o.median(s -> s.clientBytes()) / MIB) + "+"
        + number(o.median(s -> s.serverBytes()) / MIB));
    row.add(number(o.median(s -> s.otherCores())));
    row.add(number(o.median(s -> s.stolenCores())));
    return row;
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
