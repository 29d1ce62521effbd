package io.liblink.bench;

import io.liblink.bench.child.Pair;
import io.liblink.bench.child.Sample;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Pattern;
import io.liblink.bench.peers.Peers;
import io.liblink.bench.peers.Secrets;
import io.liblink.bench.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the workloads. All pairs of a workload live at the same time, those that are not measured
 * wait; slices are taken in turns, so that what disturbs the machine disturbs all alike.
 */
final class Runner {
  private static final int WARM_CONNECTIONS = 100;
  private static final double WARM_SLICE = 2;
  private static final double HARDLY_FASTER = 1.05;

  private final BenchOptions options;
  private final Secrets secrets;
  private final PrintStream progress;
  private final Set<Pair> alive = ConcurrentHashMap.newKeySet();

  Runner(BenchOptions options, Secrets secrets, PrintStream progress) {
    this.options = options;
    this.secrets = secrets;
    this.progress = progress;
  }

  void run(Workload workload, Results results) throws InterruptedException {
    List<String> peers = options.peers(workload);
    if (workload == Workload.IDLE) {
      for (int round = 1; round <= options.rounds(); round++) {
        for (String peer : peers) {
          idle(peer, results.outcome(workload, peer), round);
        }
      }
      return;
    }
    Map<String, Pair> pairs = new LinkedHashMap<>();
    for (String peer : peers) {
      if (workload.pattern() == Pattern.PIPELINE) {
        results
            .outcome(workload, peer)
            .unequal(new Peers().pipeline(workload.pattern(), peer).unequal());
      }
      warmUp(workload, peer, results.outcome(workload, peer), pairs);
    }
    for (int round = 1; round <= options.rounds(); round++) {
      for (String peer : List.copyOf(pairs.keySet())) {
        slice(workload, peer, results.outcome(workload, peer), pairs, round);
      }
    }
    pairs.values().forEach(this::end);
  }

  private void warmUp(
      Workload workload, String peer, Results.Outcome outcome, Map<String, Pair> pairs)
      throws InterruptedException {
    say(workload, peer, "warm-up");
    try {
      Pair pair = start(workload, peer);
      pairs.put(peer, pair);
      untilSteady(workload, pair);
    } catch (IOException e) {
      giveUp(peer, outcome, pairs, e);
    }
  }

  /** Until two slices in a row were hardly faster than the best before, or the time is over. */
  private void untilSteady(Workload workload, Pair pair) throws IOException, InterruptedException {
    double best = 0;
    int steady = 0;
    for (double left = options.warmup(); left > 0 && steady < 2; left -= WARM_SLICE) {
      double rate =
          pair.run(workload.warmUp(), Math.min(left, WARM_SLICE)).slice().rate();
      steady = rate <= best * HARDLY_FASTER ? steady + 1 : 0;
      best = Math.max(best, rate);
    }
  }

  private void slice(
      Workload workload, String peer, Results.Outcome outcome, Map<String, Pair> pairs, int round)
      throws InterruptedException {
    say(workload, peer, "round " + round);
    Pair pair = pairs.get(peer);
    if (pair == null) {
      return;
    }
    try {
      Sample sample = pair.run(workload, options.seconds());
      if (sample.slice().errors() > 0) {
        outcome.skip(sample.slice().errors() + " calls failed in a slice");
      }
      outcome.add(sample);
    } catch (IOException e) {
      giveUp(peer, outcome, pairs, e);
    }
  }

  private void giveUp(
      String peer, Results.Outcome outcome, Map<String, Pair> pairs, IOException reason) {
    outcome.skip(String.valueOf(reason.getMessage()));
    Pair pair = pairs.remove(peer);
    if (pair != null) {
      end(pair);
    }
  }

  /** Some connections first, so that classes and pools are not counted as connections. */
  private void idle(String peer, Results.Outcome outcome, int round) throws InterruptedException {
    if (!outcome.skipped().isEmpty()) {
      return;
    }
    say(Workload.IDLE, peer, "round " + round);
    Pair pair = null;
    try {
      pair = start(Workload.IDLE, peer);
      long before = pair.open(WARM_CONNECTIONS);
      int count = Workload.IDLE.parallel();
      outcome.addIdle((double) (pair.open(count) - before) / count);
    } catch (IOException e) {
      outcome.skip(String.valueOf(e.getMessage()));
    } finally {
      if (pair != null) {
        pair.kill();
        alive.remove(pair);
      }
    }
  }

  private Pair start(Workload workload, String peer) throws IOException, InterruptedException {
    Pair pair = Pair.start(workload, peer, secrets, options.jvm());
    alive.add(pair);
    return pair;
  }

  private void end(Pair pair) {
    pair.close();
    alive.remove(pair);
  }

  private void say(Workload workload, String peer, String what) {
    progress.println(workload.id() + " " + peer + " " + what);
  }

  /** Ends every process at once; for another thread too. */
  void killAll() {
    alive.forEach(Pair::kill);
  }
}
