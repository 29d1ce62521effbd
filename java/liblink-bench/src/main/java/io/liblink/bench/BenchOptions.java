package io.liblink.bench;

import io.liblink.bench.child.Pair;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Peers;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for.
 *
 * @param only the peers to run; empty for each workload's own list
 * @param workloads in the order of the run
 * @param rounds slices measured of each peer and workload
 * @param seconds length of a slice
 * @param credit items that each worker of a pipeline takes before it has acknowledged one
 * @param warmup seconds before the first slice at most, not measured
 * @param jdk whose java runs the processes
 * @param json where the results go as JSON, null for nowhere
 * @param help whether only the help was asked for
 */
public record BenchOptions(
    List<String> only,
    List<Workload> workloads,
    int rounds,
    double seconds,
    double warmup,
    int credit,
    Path jdk,
    @Nullable Path json,
    boolean help) {
  /** Where ordinary handlers have a target, and gRPC's direct executor makes a difference. */
  private static final Set<Workload> EVERY_MODE = EnumSet.of(
      Workload.LOAD_64,
      Workload.CALL_64,
      Workload.PUBSUB_4,
      Workload.PUBSUB_LATENCY,
      Workload.PIPELINE_2);

  static final String HELP = String.format(
      Locale.ROOT,
      """
      Runs liblink and its peers side by side, encrypted, on this machine, and prints how they
      compare with a raw Netty + BoringSSL echo of the same frames.

        scripts/bench                                          everything, an hour
        scripts/bench --workload load-64 --only reference,liblink
        scripts/bench --rounds 5 --seconds 4 --json results.json

        --only PEER,…      %s
        --workload NAME,…  %s
        --rounds N         slices of each peer, taken in turns; medians are shown (3)
        --seconds S        length of a slice (3)
        --warmup S         at most, before the first slice; ends when the rate is steady (30)
        --credit N         items that each worker of a pipeline has at most (2048)
        --jdk PATH         the JDK that runs the processes (the one that runs the bench)
        --json FILE        every slice, for machines
      """,
      String.join(", ", new Peers().names()),
      String.join(", ", Arrays.stream(Workload.values()).map(Workload::id).toList()));

  static BenchOptions parse(List<String> arguments) {
    List<String> only = new ArrayList<>();
    List<Workload> workloads = new ArrayList<>();
    int rounds = 3;
    double seconds = 3;
    double warmup = 30;
    int credit = 2048;
    Path jdk = Path.of(System.getProperty("java.home"));
    Path json = null;
    boolean help = false;
    Deque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String option = rest.pop();
      switch (option) {
        case "--only" -> only.addAll(List.of(value(option, rest).split(",", -1)));
        case "--workload" -> {
          for (String id : value(option, rest).split(",", -1)) {
            workloads.add(Workload.of(id));
          }
        }
        case "--rounds" -> rounds = (int) number(option, value(option, rest), 1, 1000);
        case "--seconds" -> seconds = number(option, value(option, rest), 0.1, 600);
        case "--warmup" -> warmup = number(option, value(option, rest), 0, 600);
        case "--credit" -> credit = (int) number(option, value(option, rest), 1, 1 << 16);
        case "--jdk" -> jdk = Path.of(value(option, rest));
        case "--json" -> json = Path.of(value(option, rest));
        case "-h", "--help" -> help = true;
        default ->
          throw new IllegalArgumentException("unknown option '" + option + "'; --help lists them");
      }
    }
    Peers peers = new Peers();
    only.forEach(peers::require);
    if (workloads.isEmpty()) {
      workloads.addAll(List.of(Workload.values()));
    }
    return new BenchOptions(
        List.copyOf(only),
        List.copyOf(workloads),
        rounds,
        seconds,
        warmup,
        credit,
        jdk,
        json,
        help);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return Objects.requireNonNull(rest.pop());
  }

  private static double number(String option, String text, double least, double most) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " needs a number, not '" + text + "'", e);
    }
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          option + " must be between " + least + " and " + most + ", not " + text);
    }
    return value;
  }

  /** The java program and the flags of every process of the run, the same for all. */
  List<String> jvm() {
    return List.of(
        jdk.resolve("bin").resolve("java").toString(),
        "-Xmx1g",
        "-XX:+UseG1GC",
        "--enable-native-access=ALL-UNNAMED",
        "-D" + Pair.CREDIT + "=" + credit);
  }

  /** The peers of a workload. */
  List<String> peers(Workload workload) {
    List<String> names = new ArrayList<>(new Peers().names(workload.pattern()));
    if (!only.isEmpty()) {
      return only.stream().filter(names::contains).toList();
    }
    boolean small = EVERY_MODE.contains(workload);
    if (!small) {
      names.remove("liblink-ordinary");
    }
    if (!small && workload != Workload.LOAD_1K) {
      names.remove("grpc-direct");
    }
    return names;
  }
}
