package io.liblink.cli.command;

import io.liblink.cli.args.Shape;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs commands, so that the classes they load go into the image that makes later starts fast. The
 * launcher runs it once after each build.
 */
public final class TrainCommand implements Command {
  /** Every command whose start should be fast; add a line when a command loads new classes. */
  private static final List<List<String>> LINES = List.of(
      List.of("--version"),
      List.of("help"),
      List.of("help", "call"),
      List.of("completion", "bash"),
      List.of("cal"),
      List.of("errors"),
      List.of("errors", "UNAVAILABLE"));

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
  public int run(Invocation call) {
    LINES.forEach(program);
    return 0;
  }
}
