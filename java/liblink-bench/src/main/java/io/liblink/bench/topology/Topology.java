package io.liblink.bench.topology;

import io.liblink.bench.topology.Figures.How;
import io.liblink.bench.topology.Model.Kind;
import io.liblink.message.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The program: what a cluster of 10, 100 and 1,000 nodes has open and asks of its registry, full mesh beside
 * liblink, and how evenly instances are loaded. Tables on standard output, a plot into a file.
 */
public final class Topology {
  private static final String HELP = """
      scripts/bench topology [--plot FILE] [--only links|spread|nodes]

      Prints what clusters of 10, 100 and 1,000 nodes have open and ask of their registry, and how evenly
      load is spread. Five minutes; docs/internals/topology.md says what each number is.
      --plot FILE   also writes a plot, as SVG
      --only PART   a part of it: links, spread, or nodes (1,000 real ones in this process)
      """;

  private static final long SEED = 2_026;
  private static final List<Integer> SIZES = List.of(10, 100, 1000);
  private static final int CALLS = 3_000;
  private static final int DECISIONS = 6_000;

  /** With a subset of this 1,000 nodes in one process stay below 20,000 open files. */
  private static final int SMALL_SUBSET = 5;

  private Topology() {}

  /** Exit code 0 when all is printed, 2 for wrong options. */
  public static void main(String[] args) throws IOException {
    String only = "";
    Path plot = null;
    for (int i = 0; i < args.length; i++) {
      boolean last = i == args.length - 1;
      if (args[i].equals("--plot") && !last) {
        plot = Path.of(args[++i]);
      } else if (args[i].equals("--only") && !last) {
        only = args[++i];
      } else {
        boolean help = args[i].equals("--help");
        (help ? System.out : System.err).print(HELP);
        System.exit(help ? 0 : 2);
      }
    }
    if (only.isEmpty() || only.equals("links")) {
      List<Row> rows = rows();
      System.out.println(table(rows));
      if (plot != null) {
        Files.writeString(plot, Plot.of(rows));
        System.err.println("wrote " + plot);
      }
    }
    if (only.isEmpty() || only.equals("nodes")) {
      System.out.println(manyNodes());
    }
    if (only.isEmpty() || only.equals("spread")) {
      System.out.println(spread());
      System.out.println(underLoad());
    }
  }

  /** One line of the table. */
  record Row(int nodes, Kind kind, Figures figures, Figures decided) {}

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int nodes : SIZES) {
      for (Kind kind : Kind.values()) {
        System.err.println(nodes + " nodes, " + kind.title);
        Model model = Model.of(kind, nodes, SEED);
        Figures decided = Decided.of(model, DECISIONS, SEED);
        rows.add(new Row(nodes, kind, figures(model, decided), decided));
      }
    }
    return rows;
  }

  /** Real up to 100 nodes; above, the mesh is computed and the rest decided. */
  private static Figures figures(Model model, Figures decided) {
    int n = model.nodes();
    if (n <= 100) {
      try (Connected real = new Connected(model)) {
        real.open();
        return real.call(CALLS);
      }
    }
    if (model.kind() == Kind.MESH) {
      long[] alike = LongStream.generate(() -> 1).limit(n).toArray();
      return Figures.of(model, How.COMPUTED, n * (n - 1L) / 2, n - 1, alike);
    }
    return decided;
  }

  private static String table(List<Row> rows) {
    Rows table = new Rows(
        "model",
        "nodes",
        "links",
        "most of a node",
        "watches",
        "requests/s",
        "per change",
        "worst/mean",
        "usual",
        "decided",
        "unused",
        "how");
    for (Row r : rows) {
      Figures f = r.figures();
      table.add(
          r.kind().title,
          r.nodes(),
          String.format(Locale.ROOT, "%,d", f.links()),
          f.most(),
          String.format(Locale.ROOT, "%,d", f.watches()),
          f.requests(),
          f.perChange(),
          f.worst(),
          f.usual(),
          r.decided().worst(),
          f.unused(),
          f.how().word);
    }
    return "open links, watches, requests to Consul and load\n" + table;
  }

  /** Real nodes, all in this process, as many as the plot has; the links that open are those foretold. */
  private static String manyNodes() {
    Model model = Model.of(Kind.ONE, 1000, SEED).withSubset(SMALL_SUBSET);
    Footprint before = Footprint.now();
    long start = System.nanoTime();
    try (Connected real = new Connected(model)) {
      double joined = (System.nanoTime() - start) / 1e9;
      Footprint idle = Footprint.now();
      List<NodeId> ids = real.ids();
      start = System.nanoTime();
      real.open();
      Figures f = real.call(100);
      double called = (System.nanoTime() - start) / 1e9;
      Footprint linked = Footprint.now();
      int foretold = Decided.links(model, ids).size();
      Rows table = new Rows("1,000 real nodes in one process, subset " + SMALL_SUBSET, "");
      table.add("joined, serving and watching after", Rows.number(joined) + " s");
      table.add("400 calls of each after", Rows.number(called) + " s");
      table.add("links", f.links());
      table.add("links foretold", foretold);
      table.add("worst/mean", f.worst());
      table.add("a node: threads", (linked.threads() - before.threads()) / 1000.0);
      table.add("a node: open files without links", (idle.files() - before.files()) / 1000.0);
      table.add("a node: heap KiB", (idle.heap() - before.heap()) / 1024.0 / 1000);
      table.add("a node: resident KiB", (idle.resident() - before.resident()) / 1024.0 / 1000);
      table.add(
          "a link, both ends: resident KiB",
          (linked.resident() - idle.resident()) / 1024.0 / f.links());
      table.add("registry: requests while all started", real.started().requests());
      table.add("registry: views told while all started", real.started().views());
      return table.toString();
    }
  }

  private static String spread() {
    Rows table = new Rows(
        "callers", "instances", "subset", "worst/mean", "best possible", "if told", "unused");
    int[][] cases = {
      {5, 1000, 20},
      {20, 1000, 20},
      {100, 1000, 20},
      {1000, 1000, 20},
      {1000, 1000, 40},
      {1000, 1000, 80},
      {5, 100, 20},
      {20, 100, 20},
      {100, 100, 20},
      {1000, 100, 20},
      {10, 22, 20},
      {100, 22, 20}
    };
    for (int[] c : cases) {
      List<Spread> runs = LongStream.range(0, 5)
          .mapToObj(seed -> new Spread(c[0], c[1], c[2], SEED + seed))
          .toList();
      table.add(
          c[0],
          c[1],
          c[2],
          median(runs, Spread::equal),
          Spread.best(c[0], c[1], c[2]),
          median(runs, Spread::weighted),
          (int) median(runs, Spread::unused));
    }
    return "load of instances when callers keep to a subset\n" + table;
  }

  private static String underLoad() {
    Rows table =
        new Rows("callers", "instances", "subset", "use %", "worst/mean", "p50 ms", "p99 ms");
    for (int size : new int[] {100, 1000}) {
      for (int subset : new int[] {20, Integer.MAX_VALUE}) {
        for (double use : new double[] {0.3, 0.6, 0.8}) {
          Spread.Run run = new Spread(size, size, subset, SEED).run(use, 3_000 * size);
          table.add(
              size,
              size,
              subset == Integer.MAX_VALUE ? "all" : subset,
              (int) Math.round(use * 100),
              run.spread(),
              run.p50(),
              run.p99());
        }
      }
    }
    return "the same in virtual time, with instances that slow down under load\n" + table;
  }

  private static double median(List<Spread> runs, ToDoubleFunction<Spread> figure) {
    double[] values = runs.stream().mapToDouble(figure).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
