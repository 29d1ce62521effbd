package io.liblink.bench.report;

import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Pattern;
import io.liblink.bench.report.Results.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What liblink means to reach, compared with what the run measured. */
public final class Targets {
  private static final String US = "liblink";
  private static final String ORDINARY = "liblink-ordinary";
  private static final String REFERENCE = "reference";

  private final Results results;
  private final List<String> lines = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
  }

  /** A line for each target of a workload that ran with what it needs: met or missed. */
  public static List<String> lines(Results results, Workload workload) {
    Targets targets = new Targets(results);
    targets.check(workload);
    return targets.lines;
  }

  private void check(Workload w) {
    if (w.pattern() == Pattern.CALL) {
      checkCalls(w);
    } else {
      checkDeliveries(w);
    }
  }

  private void checkCalls(Workload w) {
    switch (w) {
      case CALL_64 -> {
        atMost("p50 / reference's", 1.4, quotient(w, US, REFERENCE, Outcome::p50));
        below("p50 / lowest peer's", quotient(Outcome::p50, w, best(w, "", Outcome::p50, true)));
      }
      case LOAD_64 -> {
        atLeast("rate / reference", 0.6, quotient(w, US, REFERENCE, Outcome::rate));
        atLeast(
            "rate / fastest grpc",
            8,
            quotient(Outcome::rate, w, best(w, "grpc", Outcome::rate, false)));
        atLeast(
            "rate / fastest other peer",
            2.5,
            quotient(Outcome::rate, w, best(w, "!grpc", Outcome::rate, false)));
        atMost("CPU s/M / reference's", 2, quotient(w, US, REFERENCE, Outcome::cpuPerMillion));
        atLeast(
            "ordinary: rate / reference", 0.25, quotient(w, ORDINARY, REFERENCE, Outcome::rate));
        atLeast("ordinary: rate / grpc", 4, quotient(w, ORDINARY, "grpc", Outcome::rate));
      }
      case LOAD_1K -> atLeast("rate / reference", 0.7, quotient(w, US, REFERENCE, Outcome::rate));
      case BULK_1M -> {
        atLeast("rate / reference", 0.7, quotient(w, US, REFERENCE, Outcome::rate));
        above("rate / fastest peer", quotient(Outcome::rate, w, best(w, "", Outcome::rate, false)));
      }
      case MIXED -> {
        atMost("p99 in ms", 3, figure(w, US, o -> o.median(s -> s.slice().p99()) / 1e3));
        atLeast(
            "transfer / alone",
            0.6,
            figure(
                w,
                US,
                o -> o.median(s -> s.slice().transfer())
                    / o.median(s -> s.slice().transferAlone())));
      }
      case BLOCKING_64 ->
        atLeast(
            "rate / asynchronous (load-64)",
            0.6,
            divide(figure(w, US, Outcome::rate), figure(Workload.LOAD_64, US, Outcome::rate)));
      case HANDSHAKE -> atLeast("rate / reference", 0.8, quotient(w, US, REFERENCE, Outcome::rate));
      case IDLE -> atMost("KiB each", 40, figure(w, US, o -> o.idle() / 1024));
      default -> {}
    }
  }

  private void checkDeliveries(Workload w) {
    switch (w) {
      case PUBSUB_4 -> {
        atLeast("rate / reference", 0.6, quotient(w, US, REFERENCE, Outcome::rate));
        atLeast(
            "rate / fastest peer",
            3,
            quotient(Outcome::rate, w, best(w, "", Outcome::rate, false)));
      }
      case PUBSUB_1, PUBSUB_16, PUBSUB_64 ->
        atLeast(
            "delivered per CPU second / that of pubsub-4",
            0.7,
            divide(
                figure(w, US, Outcome::perCpuSecond),
                figure(Workload.PUBSUB_4, US, Outcome::perCpuSecond)));
      case PUBSUB_LATENCY ->
        atMost(
            "p50 / half of call-64's",
            1.5,
            divide(figure(w, US, Outcome::p50), figure(Workload.CALL_64, US, o -> o.p50() / 2)));
      case PIPELINE_2 -> {
        atLeast("rate / reference", 0.5, quotient(w, US, REFERENCE, Outcome::rate));
        atLeast(
            "rate / fastest acknowledged peer",
            2,
            quotient(Outcome::rate, w, best(w, "", Outcome::rate, false)));
      }
      default -> {}
    }
  }

  private OptionalDouble figure(Workload w, String peer, ToDoubleFunction<Outcome> figure) {
    return results
        .measured(w, peer)
        .map(figure::applyAsDouble)
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  private OptionalDouble quotient(
      Workload w, String peer, String base, ToDoubleFunction<Outcome> figure) {
    return divide(figure(w, peer, figure), figure(w, base, figure));
  }

  private OptionalDouble quotient(
      ToDoubleFunction<Outcome> figure, Workload w, OptionalDouble base) {
    return divide(figure(w, US, figure), base);
  }

  /** The best figure among the other libraries; {@code which} is a prefix of their names. */
  private OptionalDouble best(
      Workload w, String which, ToDoubleFunction<Outcome> figure, boolean lowest) {
    boolean not = which.startsWith("!");
    String prefix = not ? which.substring(1) : which;
    var figures = results.byWorkload().getOrDefault(w, Map.of()).entrySet().stream()
        .filter(e -> !e.getKey().startsWith(US) && !e.getKey().equals(REFERENCE))
        .filter(e -> e.getKey().startsWith(prefix) != not)
        .filter(e -> e.getValue().measured() && e.getValue().unequal().isEmpty())
        .mapToDouble(e -> figure.applyAsDouble(e.getValue()));
    return lowest ? figures.min() : figures.max();
  }

  private static OptionalDouble divide(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() && b.isPresent() && b.getAsDouble() != 0
        ? OptionalDouble.of(a.getAsDouble() / b.getAsDouble())
        : OptionalDouble.empty();
  }

  private void atLeast(String what, double bound, OptionalDouble value) {
    value.ifPresent(v -> add(what, v, "at least " + text(bound), v >= bound));
  }

  private void atMost(String what, double bound, OptionalDouble value) {
    value.ifPresent(v -> add(what, v, "at most " + text(bound), v <= bound));
  }

  private void below(String what, OptionalDouble value) {
    value.ifPresent(v -> add(what, v, "below 1", v < 1));
  }

  private void above(String what, OptionalDouble value) {
    value.ifPresent(v -> add(what, v, "above 1", v > 1));
  }

  private void add(String what, double value, String bound, boolean met) {
    lines.add((met ? "met     " : "MISSED  ") + what + ": " + text(value) + " (" + bound + ")");
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3g", value);
  }
}
