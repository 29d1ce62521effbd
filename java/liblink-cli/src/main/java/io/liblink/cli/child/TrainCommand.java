package io.liblink.cli.child;

import io.liblink.Node;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.cli.args.Shape;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs commands against a service in a cluster of its own, so that the classes they load go into the
 * image that makes later starts fast. The launcher runs it once after each build.
 */
public final class TrainCommand implements Command {
  /** Every command whose start should be fast; add a line when a command loads new classes. */
  private static final List<List<String>> ALONE = List.of(
      List.of("--version"),
      List.of("help"),
      List.of("help", "call"),
      List.of("completion", "bash"),
      List.of("cal"),
      List.of("errors"),
      List.of("errors", "UNAVAILABLE"));

  /** The same for those that need a cluster; {@code train/echo} answers there, and there are a topic and a queue. */
  private static final List<List<String>> JOINED = List.of(
      List.of("call", "train/echo", "text"),
      List.of("call", "train/echo", "{\"a\": [1, true, null]}", "--json"),
      List.of("call", "train/missing"),
      List.of("call", "nobody/echo", "--json", "--timeout", "300ms"),
      List.of("survey", "train/echo", "text"),
      List.of("ls"),
      List.of("info", "train"),
      List.of("info", "train", "--json"),
      List.of("explain", "train/echo"),
      List.of("edges"),
      List.of("ping", "train"),
      List.of("stats", "train"),
      List.of("publish", "feed/lines", "text", "--linger", "1ms"),
      List.of("subscribe", "train/news", "--from", "earliest", "-n", "1", "--timeout", "2s"),
      List.of("subscribe", "train/>", "--from", "earliest", "-n", "1", "--timeout", "2s", "-j"),
      List.of("push", "train/jobs", "text", "--timeout", "2s"),
      List.of("push", "train/jobs", "{\"a\": 1}", "--timeout", "2s", "-j"),
      List.of("work", "feed/jobs", "-n", "1"),
      List.of("key", "show"));

  /** Registries with a server; that nobody answers there loads most of what is needed to ask. */
  private static final List<String> REGISTRIES =
      List.of("consul://127.0.0.1:1", "etcd://127.0.0.1:1");

  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final Consumer<List<String>> program;

  /** Runs each line through {@code program}. */
  public TrainCommand(Consumer<List<String>> program) {
    this.program = program;
  }

  @Override
  public Shape shape() {
    return Shape.of("train", "runs commands for the image that makes starts fast")
        .hide();
  }

  @Override
  public int run(Invocation call) throws IOException {
    ALONE.forEach(program);
    try (TemporaryCluster cluster = TemporaryCluster.create("train");
        Node node = Node.join(cluster.options("train"))) {
      node.serve(Service.named("train")
          .meta("zone", "eu")
          .method("echo", Request::message)
          .topic("news", String.class)
          .queue("jobs", String.class, job -> {}));
      node.publish("train/news", "text");
      node.service("feed").push("jobs", "text");
      for (List<String> line : JOINED) {
        List<String> words = new ArrayList<>(line);
        words.addAll(List.of(cluster.words()));
        program.accept(words);
      }
      for (String registry : REGISTRIES) {
        List<String> words = new ArrayList<>(List.of("call", "train/echo", "--timeout", "1s"));
        words.addAll(List.of(cluster.words()));
        words.set(words.indexOf("--registry") + 1, registry);
        program.accept(words);
      }
    }
    awaitThreads(call.time());
    return 0;
  }

  /**
   * Waits until the nodes' threads have ended: a JVM that writes its image while other threads link
   * lambdas may crash (seen with JDK 25.0.3).
   */
  private static void awaitThreads(TimeSource time) {
    long end = time.nanos() + PATIENCE_NANOS;
    while (time.nanos() - end < 0
        && Thread.getAllStackTraces().keySet().stream()
            .anyMatch(t -> t.getName().startsWith("liblink-"))) {
      LockSupport.parkNanos(10_000_000);
    }
  }
}
