package io.liblink.bench.report;

import io.liblink.bench.child.Sample;
import io.liblink.bench.load.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Every sample of a run, by workload and peer, in the order in which they came. For one thread. */
public final class Results {
  private final Map<Workload, Map<String, Outcome>> all = new EnumMap<>(Workload.class);

  /** The outcome of a peer, to add to. */
  public Outcome outcome(Workload workload, String peer) {
    return all.computeIfAbsent(workload, w -> new LinkedHashMap<>())
        .computeIfAbsent(peer, p -> new Outcome());
  }

  /** The outcomes of a workload by peer; empty when it did not run. */
  public Map<String, Outcome> of(Workload workload) {
    return all.getOrDefault(workload, Map.of());
  }

  /** The workloads that ran. */
  public Map<Workload, Map<String, Outcome>> byWorkload() {
    return all;
  }

  /** A peer's outcome if there is something in it. */
  public Optional<Outcome> measured(Workload workload, String peer) {
    return Optional.ofNullable(of(workload).get(peer)).filter(Outcome::measured);
  }

  /** The median; of an even number the mean of the middle two; 0 of none. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** What came of one peer under one workload. */
  public static final class Outcome {
    private final List<Sample> samples = new ArrayList<>();
    private final List<Double> idleBytes = new ArrayList<>();
    private String skipped = "";
    private String unequal = "";

    /** Adds a slice. */
    public void add(Sample sample) {
      samples.add(sample);
    }

    /** Adds the resident bytes of one idle connection. */
    public void addIdle(double bytes) {
      idleBytes.add(bytes);
    }

    /** Says why nothing (more) was measured. */
    public void skip(String reason) {
      skipped = reason;
    }

    /** Why nothing (more) was measured; empty when all went well. */
    public String skipped() {
      return skipped;
    }

    /** Says why it does less than the others, so that it is shown and compared with nothing. */
    public void unequal(String reason) {
      unequal = reason;
    }

    /** Why it does less than the others; empty when it does the same. */
    public String unequal() {
      return unequal;
    }

    /** The slices. */
    public List<Sample> samples() {
      return samples;
    }

    /** Resident bytes for each idle connection, one figure a round. */
    public List<Double> idleBytes() {
      return idleBytes;
    }

    boolean measured() {
      return !samples.isEmpty() || !idleBytes.isEmpty();
    }

    /** The median of something over the slices. */
    public double median(ToDoubleFunction<Sample> figure) {
      return Results.median(samples.stream().mapToDouble(figure).toArray());
    }

    /** Median calls per second. */
    public double rate() {
      return median(s -> s.slice().rate());
    }

    /** Median of the median latencies, in microseconds. */
    public double p50() {
      return median(s -> s.slice().p50());
    }

    /** Median calls for each CPU second of both sides. */
    public double perCpuSecond() {
      return median(s -> s.cpuSeconds() == 0 ? 0 : s.slice().calls() / s.cpuSeconds());
    }

    /** Median CPU seconds of both sides for a million calls. */
    public double cpuPerMillion() {
      return median(
          s -> s.slice().calls() == 0 ? 0 : s.cpuSeconds() * 1e6 / s.slice().calls());
    }

    /** Median resident bytes of one idle connection. */
    public double idle() {
      return Results.median(idleBytes.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }
}
