package io.liblink.bench.topology;

import java.util.List;
import java.util.Set;

/**
 * What came of one model.
 *
 * @param how whether links are real
 * @param links in the whole cluster, one for each pair of nodes that is connected; a node that uses its own
 *     instance has one with itself
 * @param most links of one node
 * @param watches in the whole cluster
 * @param requests to a Consul agent in a second while nothing changes, of all nodes together
 * @param perChange requests that end because one instance changed, on average
 * @param worst calls of the instance with the most, by those of the mean instance of its service: of the
 *     worst service
 * @param usual the same on average over the services
 * @param unused instances of called services that got no call
 */
record Figures(
    How how,
    long links,
    int most,
    int watches,
    double requests,
    double perChange,
    double worst,
    double usual,
    int unused) {
  /** Where the numbers come from. */
  enum How {
    /** Real nodes, real links, real calls. */
    CONNECTED("connected"),
    /** The library's own choice for each node, without the links. */
    DECIDED("decided"),
    /** Arithmetic. */
    COMPUTED("computed");

    final String word;

    How(String word) {
      this.word = word;
    }
  }

  /** Two nodes that are connected, the lower number first. */
  record Pair(int a, int b) {
    static Pair of(int a, int b) {
      return new Pair(Math.min(a, b), Math.max(a, b));
    }
  }

  static Figures of(Model model, How how, Set<Pair> links, long[] calls) {
    int[] perNode = new int[model.nodes()];
    for (Pair p : links) {
      perNode[p.a()]++;
      perNode[p.b()] += p.a() == p.b() ? 0 : 1;
    }
    int most = 0;
    for (int n : perNode) {
      most = Math.max(most, n);
    }
    return of(model, how, links.size(), most, calls);
  }

  /**
   * From what was counted.
   *
   * @param calls what each node was called
   */
  static Figures of(Model model, How how, long links, int most, long[] calls) {
    int[] watchers = new int[model.services()];
    for (List<Integer> called : model.calls()) {
      called.forEach(s -> watchers[s]++);
    }
    double perChange =
        model.serves().stream().mapToInt(s -> watchers[s]).average().orElse(0);
    double worst = 0;
    double sum = 0;
    int services = 0;
    int unused = 0;
    for (int s = 0; s < model.services(); s++) {
      if (watchers[s] > 0) {
        List<Integer> nodes = model.instances(s);
        double spread = spread(nodes.stream().mapToLong(n -> calls[n]).toArray());
        worst = Math.max(worst, spread);
        sum += spread;
        services++;
        unused += (int) nodes.stream().filter(n -> calls[n] == 0).count();
      }
    }
    return new Figures(
        how,
        links,
        most,
        model.watches(),
        ConsulRules.idle(model.nodes(), model.watches()),
        perChange,
        worst,
        sum / services,
        unused);
  }

  /** The most by the mean. */
  static double spread(long[] calls) {
    long most = 0;
    long sum = 0;
    for (long c : calls) {
      most = Math.max(most, c);
      sum += c;
    }
    return sum == 0 ? 0 : most * (double) calls.length / sum;
  }
}
