package io.liblink.bench.child;

import io.liblink.bench.load.Slice;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two processes of one peer under one workload: the one that serves (server, publisher, workers)
 * and the one that uses it (client, subscribers, producer). For one thread, except {@link #kill}.
 */
public final class Pair implements AutoCloseable {
  /** System property of both: how many items each worker of a pipeline has at most; 2,048. */
  public static final String CREDIT = "bench.credit";

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SLACK = Duration.ofSeconds(90);

  private final ChildProcess server;
  private final ChildProcess client;
  private final List<Long> serving = new ArrayList<>();

  private Pair(ChildProcess server, ChildProcess client, List<Long> helpers) {
    this.server = server;
    this.client = client;
    serving.add(server.pid());
    serving.addAll(helpers);
  }

  /** Starts both; with {@code jvm}, the java program and its flags. */
  public static Pair start(Workload workload, String peer, Secrets secrets, List<String> jvm)
      throws IOException, InterruptedException {
    String directory = secrets.directory().toString();
    ChildProcess server = ChildProcess.start(
        jvm, List.of("serving", workload.id(), peer, directory), log(secrets, peer, "server"));
    try {
      String[] ready = server.awaitReady(START).split(" ");
      List<Long> helpers = new ArrayList<>();
      for (int i = 1; i < ready.length; i++) {
        helpers.add(Long.parseLong(ready[i]));
      }
      ChildProcess client = ChildProcess.start(
          jvm,
          List.of("using", workload.id(), peer, directory, ready[0]),
          log(secrets, peer, "client"));
      Pair pair = new Pair(server, client, helpers);
      try {
        client.awaitReady(START);
        return pair;
      } catch (IOException | InterruptedException e) {
        pair.kill();
        throw e;
      }
    } catch (IOException | InterruptedException e) {
      server.kill();
      throw e;
    }
  }

  private static Path log(Secrets secrets, String peer, String side) {
    return secrets.directory().resolve(peer + "-" + side + ".log");
  }

  /** Runs one slice and measures what it costs. */
  public Sample run(Workload workload, double seconds) throws IOException, InterruptedException {
    List<Long> all = new ArrayList<>(serving);
    all.add(client.pid());
    Map<Long, Double> before = Usage.everyone();
    double stolenBefore = Usage.stolenSeconds();
    long start = System.nanoTime();
    Slice slice = exchange(workload, seconds);
    double elapsed = (System.nanoTime() - start) / 1e9;
    double cpu = 0;
    double others = 0;
    for (Map.Entry<Long, Double> one : Usage.everyone().entrySet()) {
      double used = one.getValue() - before.getOrDefault(one.getKey(), 0.0);
      if (all.contains(one.getKey())) {
        cpu += used;
      } else {
        others += used;
      }
    }
    return new Sample(
        slice,
        cpu,
        Usage.residentBytes(client.pid()),
        Usage.residentBytes(serving),
        others / elapsed,
        (Usage.stolenSeconds() - stolenBefore) / elapsed);
  }

  private Slice exchange(Workload workload, double seconds)
      throws IOException, InterruptedException {
    String run = "run " + workload.id() + " " + seconds;
    String collect = "collect " + workload.id() + " ";
    Duration patience = SLACK.plusMillis((long) (seconds * 1000));
    return Slice.read(
        switch (workload.pattern()) {
          case CALL -> client.ask(run, patience);
          case PUBSUB -> client.ask(collect + server.ask(run, patience), SLACK);
          case PIPELINE, SPOOL -> server.ask(collect + client.ask(run, patience), SLACK);
        });
  }

  /** Opens connections, collects garbage, and gives the resident bytes of the serving side. */
  public long open(int connections) throws IOException, InterruptedException {
    if (connections > 0) {
      client.ask("open " + connections, Duration.ofMinutes(3));
    }
    server.ask("gc", SLACK);
    return Usage.residentBytes(serving);
  }

  /** Both, for a look at whether they live. */
  List<ProcessHandle> processes() {
    return List.of(client.handle(), server.handle());
  }

  /** Ends both at once. */
  public void kill() {
    client.kill();
    server.kill();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
