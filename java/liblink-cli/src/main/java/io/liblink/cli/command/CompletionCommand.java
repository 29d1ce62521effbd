package io.liblink.cli.command;

import io.liblink.cli.args.Completion;
import io.liblink.cli.args.Shape;
import java.util.List;
import java.util.function.Supplier;

/** Prints a completion script for a shell. */
public final class CompletionCommand implements Command {
  private final Supplier<List<Shape>> shapes;

  /** For the commands that {@code shapes} gives when asked. */
  public CompletionCommand(Supplier<List<Shape>> shapes) {
    this.shapes = shapes;
  }

  @Override
  public Shape shape() {
    return Shape.of("completion", "prints a script that completes commands and options in a shell")
        .parameters("bash|zsh|fish")
        .example("source <(liblink completion bash)", "bash and zsh, for this shell")
        .example(
            "liblink completion bash > ~/.local/share/bash-completion/completions/liblink",
            "bash, for good")
        .example(
            "liblink completion fish > ~/.config/fish/completions/liblink.fish", "fish, for good");
  }

  @Override
  public int run(Invocation call) {
    call.console()
        .text(new Completion(shapes.get(), Settings.OPTIONS)
            .script(call.arguments().get(0)));
    return 0;
  }
}
