package io.liblink.bench;

import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Secrets;
import io.liblink.bench.report.ResultFile;
import io.liblink.bench.report.Results;
import io.liblink.bench.report.Table;
import io.liblink.bench.report.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program. Tables on standard output, progress on standard error. */
public final class Bench {
  private Bench() {}

  /** Exit code 0 after a run, whatever it measured; 1 when it broke; 2 for wrong options. */
  public static void main(String[] args) {
    BenchOptions options;
    try {
      options = BenchOptions.parse(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    if (options.help()) {
      System.out.print(BenchOptions.HELP);
      return;
    }
    try {
      run(options);
    } catch (Exception e) {
      System.err.println("bench: " + e);
      System.exit(1);
    }
  }

  private static void run(BenchOptions options) throws Exception {
    Path directory = Files.createTempDirectory("liblink-bench-");
    Runner runner = new Runner(options, Secrets.create(directory), System.err);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      runner.killAll();
      delete(directory);
    }));
    Results results = new Results();
    try {
      for (Workload workload : options.workloads()) {
        runner.run(workload, results);
        System.out.println(Table.of(workload, results));
        for (String line : Targets.lines(results, workload)) {
          System.out.println("  " + line);
        }
        System.out.println();
      }
    } finally {
      runner.killAll();
    }
    if (options.json() != null) {
      ResultFile.write(options.json(), about(options), results);
    }
  }

  private static Map<String, Object> about(BenchOptions options) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("at", Instant.now().toString());
    about.put("command", options.jvm());
    about.put("processors", Runtime.getRuntime().availableProcessors());
    about.put("rounds", options.rounds());
    about.put("seconds", options.seconds());
    about.put("warmup", options.warmup());
    return about;
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("bench: could not remove " + directory + ": " + e);
    }
  }
}
