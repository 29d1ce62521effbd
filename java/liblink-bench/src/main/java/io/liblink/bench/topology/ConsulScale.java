package io.liblink.bench.topology;

import io.liblink.bench.child.ChildProcess;
import io.liblink.bench.child.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program: many instances of one service in a real Consul, each a real node with announcements of its own, and
 * what that costs a node that calls them: time to its first call, memory, requests to Consul and processor time
 * while all is quiet and while some of the instances flap.
 */
public final class ConsulScale {
  private static final String HELP = """
      scripts/bench consul [--instances N] [--announcing N] [--flapping N] [--seconds N] [--rounds N]

      Starts a Consul, a process with N nodes (1000) that serve one service, of which some (100) announce it
      themselves and the others are entered into the catalog, and in each round (3) a new process with one
      node that calls it, 200 times a second: quiet for some time (20 s), then while some (10) of those that
      announce are ready and not ready in turns, a second each. docs/internals/topology.md says more.
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CALLS_PER_SECOND = 200;
  private static final double MIB = 1 << 20;

  private final int instances;
  private final int announcing;
  private final int flapping;
  private final int seconds;
  private final int rounds;
  private String key = "";
  private final Path errors;
  private final Rows table = new Rows("figure", "median", "rounds");

  private ConsulScale(List<Integer> numbers) throws IOException {
    this.instances = numbers.get(0);
    this.announcing = Math.min(instances, numbers.get(1));
    this.flapping = Math.min(announcing, numbers.get(2));
    this.seconds = numbers.get(3);
    this.rounds = numbers.get(4);
    this.errors = Files.createTempFile("liblink-bench-", ".err");
  }

  /** Exit code 0 when all was measured and no call failed, 1 when one did, 2 for wrong options. */
  public static void main(String[] args) throws Exception {
    List<String> names =
        List.of("--instances", "--announcing", "--flapping", "--seconds", "--rounds");
    List<Integer> numbers = new ArrayList<>(List.of(1000, 100, 10, 20, 3));
    for (int i = 0; i < args.length; i += 2) {
      int which = names.indexOf(args[i]);
      if (which < 0 || i + 1 == args.length || !args[i + 1].matches("[1-9][0-9]{0,4}")) {
        boolean help = args[i].equals("--help");
        (help ? System.out : System.err).print(HELP);
        System.exit(help ? 0 : 2);
      }
      numbers.set(which, Integer.parseInt(args[i + 1]));
    }
    System.exit(new ConsulScale(numbers).run() == 0 ? 0 : 1);
  }

  private ChildProcess child(String most, int tier, Class<?> main, String... arguments)
      throws IOException {
    List<String> jvm = List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx" + most,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=" + tier,
        "-Dio.netty.allocator.type=unpooled",
        "--enable-native-access=ALL-UNNAMED");
    return ChildProcess.start(jvm, main, List.of(arguments), errors);
  }

  private long run() throws Exception {
    String binary = System.getenv("LIBLINK_CONSUL");
    if (binary == null) {
      throw new IOException("LIBLINK_CONSUL must name a Consul: scripts/servers/consul prints one");
    }
    long failed = 0;
    try (ConsulServer consul = new ConsulServer(binary);
        ChildProcess herd = child(
            "4g",
            1,
            Herd.class,
            consul.uri(),
            Integer.toString(instances),
            Integer.toString(announcing))) {
      String[] started = herd.awaitReady(PATIENCE).split(" ", -1);
      key = started[2];
      System.err.println(
          instances + " nodes announced after " + started[0] + " s, with " + started[1]
              + " threads; " + Usage.residentBytes(herd.pid()) / (1 << 20) + " MiB resident");
      System.err.println("Consul: " + consul.resident() / (1 << 20) + " MiB resident");
      List<Round> all = new ArrayList<>();
      for (int i = 1; i <= rounds; i++) {
        Round single = round(consul, herd, Herd.SINGLE);
        Round many = round(consul, herd, Herd.MANY);
        failed += single.failed() + many.failed();
        all.add(many.beside(single));
        System.err.println("round " + i + ": " + all.get(all.size() - 1));
      }
      print(all);
    } finally {
      List<String> said = Files.readAllLines(errors);
      said.stream()
          .filter(l -> l.contains("SEVERE") || l.contains("Exception"))
          .limit(20)
          .forEach(System.err::println);
      Files.delete(errors);
    }
    return failed;
  }

  /** The figures of one round by their names, in the order of the table. */
  private record Round(List<String> names, List<Double> values, long failed) {
    double of(String name) {
      return values.get(names.indexOf(name));
    }

    /** What a service of one instance costs, and the heap that only the many do. */
    Round beside(Round single) {
      List<String> n = new ArrayList<>(names);
      List<Double> v = new ArrayList<>(values);
      for (String name : List.of(FIRST, CPU, AGAIN)) {
        n.add("a service of 1 instance: " + name);
        v.add(single.of(name));
      }
      n.add("heap for the instances, MiB");
      v.add(of(HEAP) - single.of(HEAP));
      return new Round(n, v, failed + single.failed);
    }

    @Override
    public String toString() {
      List<String> text = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        text.add(names.get(i) + " " + Rows.number(values.get(i)));
      }
      return String.join("; ", text);
    }
  }

  private static final String FIRST = "join to the end of the first call, ms";
  private static final String CPU = "CPU of the whole process until then, s";
  private static final String AGAIN = "the same of another node in that process, ms";
  private static final String HEAP = "heap after a collection, MiB";

  private Round round(ConsulServer consul, ChildProcess herd, String service) throws Exception {
    List<String> names = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    long failed;
    try (Relay relay = new Relay(consul.port());
        ChildProcess watcher = child(
            "256m",
            4,
            Watcher.class,
            relay.uri(),
            key,
            service,
            Integer.toString(CALLS_PER_SECOND))) {
      String[] ready = watcher.awaitReady(PATIENCE).split(" ", -1);
      add(names, values, "join, ms", Double.parseDouble(ready[0]));
      add(names, values, FIRST, Double.parseDouble(ready[1]));
      add(names, values, CPU, Double.parseDouble(ready[2]));
      add(names, values, "answers until then, MiB", relay.bytes() / MIB);
      boolean many = service.equals(Herd.MANY);
      watcher.ask("go", PATIENCE);
      TimeUnit.SECONDS.sleep(many ? 5 : 2); // what is compiled and filled at first does not count
      long[] quiet = numbers(watcher.ask("quiet", PATIENCE));
      add(names, values, HEAP, quiet[2] / MIB);
      watcher.ask("go", PATIENCE);
      if (many) {
        phase("quiet", consul, herd, relay, watcher, names, values);
        herd.ask("flap " + flapping, PATIENCE);
        TimeUnit.SECONDS.sleep(12); // until the burst that is free is used up
        phase("flapping", consul, herd, relay, watcher, names, values);
        herd.ask("flap 0", PATIENCE);
      }
      add(names, values, AGAIN, (double) numbers(watcher.ask("again", PATIENCE))[0]);
      long[] end = numbers(watcher.ask("now", PATIENCE));
      failed = end[1];
      add(names, values, "calls", (double) end[0]);
      add(names, values, "failed calls", (double) failed);
    }
    return new Round(names, values, failed);
  }

  private static void add(List<String> names, List<Double> values, String name, double value) {
    names.add(name);
    values.add(value);
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** Counts over some seconds, as each side has it. */
  private void phase(
      String name,
      ConsulServer consul,
      ChildProcess herd,
      Relay relay,
      ChildProcess watcher,
      List<String> names,
      List<Double> values)
      throws Exception {
    Map<String, Double> before = consul.answered();
    double[] from = sample(consul, herd, relay, watcher);
    TimeUnit.SECONDS.sleep(seconds);
    double[] to = sample(consul, herd, relay, watcher);
    Map<String, Double> after = consul.answered();
    double took = (to[0] - from[0]) / 1e9;
    String[] figures = {
      "watcher's queries/s, counted between",
      "watcher's questions for the leader/s, counted between",
      "answers to the watcher, MiB/s",
      "CPU of the watcher, % of a core",
      "CPU of Consul, % of a core",
      "CPU of all instances, % of a core"
    };
    double[] scale = {1, 1, 1 / MIB, 100, 100, 100};
    for (int i = 0; i < figures.length; i++) {
      add(names, values, name + ": " + figures[i], (to[i + 1] - from[i + 1]) * scale[i] / took);
    }
    String[][] paths = {
      {"v1_health_service", "queries/s, as Consul counts"},
      {"v1_agent_check", "heartbeats and readiness/s, as Consul counts"},
      {"v1_agent_health_service", "announcers looking/s, as Consul counts"},
      {"", "requests/s in all, as Consul counts"}
    };
    for (String[] p : paths) {
      add(names, values, name + ": " + p[1], (sum(after, p[0]) - sum(before, p[0])) / took);
    }
  }

  private static double sum(Map<String, Double> answered, String path) {
    return answered.entrySet().stream()
        .filter(e -> e.getKey().startsWith(path))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static double[] sample(
      ConsulServer consul, ChildProcess herd, Relay relay, ChildProcess watcher) {
    return new double[] {
      System.nanoTime(),
      relay.requests("/v1/health/service"),
      relay.requests("/v1/status/leader"),
      relay.bytes(),
      Usage.cpuSeconds(watcher.pid()),
      consul.cpuSeconds(),
      Usage.cpuSeconds(herd.pid())
    };
  }

  private void print(List<Round> all) {
    for (String name : all.get(0).names()) {
      double[] values = all.stream().mapToDouble(r -> r.of(name)).toArray();
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      String each =
          String.join(" ", Arrays.stream(values).mapToObj(Rows::number).toList());
      table.add(name, sorted[sorted.length / 2], each);
    }
    System.out.println(instances + " instances of one service in Consul, " + announcing
        + " of them announced by their nodes, " + flapping + " flapping");
    System.out.println(table);
  }
}
