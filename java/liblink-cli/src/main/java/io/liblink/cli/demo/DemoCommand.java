package io.liblink.cli.demo;

import io.liblink.cli.args.Shape;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import java.time.Duration;

/**
 * Shows on this machine what liblink does: a shop of real processes, an order through three of them,
 * a process killed under load, and two intruders. Uses a cluster, key and registry of its own.
 */
public final class DemoCommand implements Command {
  private static final int INTERRUPTED = 130;

  private final Duration before;
  private final Duration after;

  /** With time to watch. */
  public DemoCommand() {
    this(Duration.ofMillis(1_500), Duration.ofSeconds(2));
  }

  /** With so much load before a process is killed, and after. */
  DemoCommand(Duration before, Duration after) {
    this.before = before;
    this.after = after;
  }

  @Override
  public Shape shape() {
    return Shape.of(
            "demo", "a small shop of real processes: calls, events, work, two killed, intruders")
        .example("liblink demo", "about ten seconds, touches nothing of yours")
        .note("Exit code: 0 when everything went as promised, 1 otherwise.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Belongings belongings = new Belongings();
    Thread hook = new Thread(belongings::end, "liblink-demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      TemporaryCluster cluster = belongings.keep(TemporaryCluster.create("demo"));
      return new Play(call, cluster, belongings).run(before, after);
    } catch (Exception e) {
      if (belongings.ended()) {
        return INTERRUPTED;
      }
      throw e;
    } finally {
      belongings.end();
      removeHook(hook);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending and the hook runs
    }
  }
}
