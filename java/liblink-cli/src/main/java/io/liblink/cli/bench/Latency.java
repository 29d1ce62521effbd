package io.liblink.cli.bench;

import io.liblink.cli.output.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How times in nanoseconds are shown: p50, p90, p99, p99.9 and the most. */
final class Latency {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};

  private Latency() {}

  static List<String> titles() {
    return List.of(">P50", ">P90", ">P99", ">P99.9", ">MAX");
  }

  static List<String> cells(Histogram times) {
    List<String> cells = new ArrayList<>();
    for (double p : PERCENTILES) {
      cells.add(Figures.time(times.getValueAtPercentile(p)));
    }
    cells.add(Figures.time(times.getMaxValue()));
    return cells;
  }

  static Map<String, Object> micros(Histogram times) {
    Map<String, Object> micros = new LinkedHashMap<>();
    for (double p : PERCENTILES) {
      String name = "p" + (p == Math.rint(p) ? Long.toString(Math.round(p)) : Double.toString(p));
      micros.put(name, times.getValueAtPercentile(p) / 1e3);
    }
    micros.put("max", times.getMaxValue() / 1e3);
    return micros;
  }
}
