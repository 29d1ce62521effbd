package io.liblink.cli.command;

import io.liblink.NodeOptions;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;

/** Looks whether this machine is set up: everything that a node needs, tried out. */
public final class CheckCommand implements Command {
  static final Option BIND =
      Option.value("--bind", "HOST:PORT", "where the service would listen; LIBLINK_BIND");
  static final Option ADVERTISE =
      Option.value("--advertise", "ADDRESS,...", "what it would tell others; LIBLINK_ADVERTISE");

  @Override
  public Shape shape() {
    return Shape.of("check", "tries out whether this machine is set up; a hint for what is not")
        .options(BIND, ADVERTISE)
        .example("liblink check", "java, native code, key, clock, registry, reachability")
        .example(
            "liblink check --bind 0.0.0.0:7400 --advertise shop1.example", "as a service would")
        .note("Exit code: 0 when nothing failed (warnings may be there), 1 otherwise.");
  }

  @Override
  public int run(Invocation call) {
    Report report = new Report(call);
    new MachineCheck(call, report).run();
    new ClusterCheck(call, report, options(call)).run();
    Console console = call.console();
    if (report.failed() > 0) {
      console.say("\n" + console.paint().red(report.failed() + " failed."));
    } else {
      console.say("\n"
          + console.paint().green("All is well")
          + (report.warned() > 0 ? ", with " + report.warned() + " to look at." : "."));
    }
    return report.failed() == 0 ? 0 : 1;
  }

  private static NodeOptions options(Invocation call) {
    Arguments arguments = call.arguments();
    NodeOptions options = call.settings().node();
    if (arguments.has("--bind")) {
      options = options.bind(arguments.value("--bind", ""));
    }
    if (arguments.has("--advertise")) {
      options = options.advertise(arguments.value("--advertise", "").split(",", -1));
    }
    return options;
  }

  /** Prints each finding as it comes. Not thread-safe. */
  static final class Report {
    /** How a check ended. */
    enum Outcome {
      OK,
      WARNING,
      FAILED,
      SKIPPED
    }

    /** One line, as JSON shows it. */
    record Finding(String check, String outcome, String detail, String hint) {}

    private final Console console;
    private final boolean json;
    private int failed;
    private int warned;

    Report(Invocation call) {
      this.console = call.console();
      this.json = call.settings().json();
    }

    int failed() {
      return failed;
    }

    int warned() {
      return warned;
    }

    void ok(String check, String detail) {
      add(Outcome.OK, check, detail, "");
    }

    void warn(String check, String detail, String hint) {
      warned++;
      add(Outcome.WARNING, check, detail, hint);
    }

    void fail(String check, String detail, String hint) {
      failed++;
      add(Outcome.FAILED, check, detail, hint);
    }

    void skip(String check, String why) {
      add(Outcome.SKIPPED, check, why, "");
    }

    private void add(Outcome outcome, String check, String detail, String hint) {
      if (json) {
        String name = outcome.name().toLowerCase(java.util.Locale.ROOT);
        console.line(new Json().line(new Finding(check, name, detail, hint)));
        return;
      }
      Paint paint = console.dataPaint();
      String mark = switch (outcome) {
        case OK -> paint.green("ok    ");
        case WARNING -> paint.yellow("look  ");
        case FAILED -> paint.red("FAILED");
        case SKIPPED -> paint.dim("-     ");
      };
      console.line(mark + "  " + check + " ".repeat(Math.max(1, 10 - check.length())) + detail);
      if (!hint.isEmpty()) {
        console.line("                  " + hint);
      }
    }
  }
}
