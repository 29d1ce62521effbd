package io.liblink.cli.command;

import io.liblink.cli.args.Nearest;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import java.util.Locale;

/** Explains status codes. */
public final class ErrorsCommand implements Command {
  @Override
  public Shape shape() {
    return Shape.of("errors", "every way a call can end: what it means and what to do")
        .parameters("[CODE]")
        .example("liblink errors", "all of them")
        .example("liblink errors UNAVAILABLE", "one, by its name")
        .example("liblink errors 78", "one, by its number or exit code");
  }

  @Override
  public int run(Invocation call) {
    ErrorTable table = ErrorTable.load();
    Console console = call.console();
    String wanted = call.arguments().find(0);
    if (wanted == null) {
      if (call.settings().json()) {
        table.statuses().forEach(e -> console.line(new Json().line(e)));
      } else {
        console.text(overview(table, console.dataPaint()));
        console.say(console.paint().dim("'liblink errors NAME' has causes and cure."));
      }
      return 0;
    }
    ErrorTable.Entry entry = table.find(wanted);
    if (entry == null) {
      String near = Nearest.of(
          wanted.toUpperCase(Locale.ROOT),
          table.statuses().stream().map(ErrorTable.Entry::name).toList());
      throw new UsageException(
          "there is no status '" + wanted + "'",
          near == null ? "'liblink errors' lists them" : "did you mean " + near + "?");
    }
    console.text(
        call.settings().json()
            ? new Json().line(entry) + "\n"
            : explain(entry, console.dataPaint()));
    return 0;
  }

  static String overview(ErrorTable table, Paint paint) {
    Table t = new Table(">CODE", "NAME", ">EXIT", "REPEAT", "MEANING");
    for (ErrorTable.Entry e : table.statuses()) {
      t.row(
          Integer.toString(e.code()),
          e.name(),
          Integer.toString(e.exitCode()),
          e.retryable() ? "may help" : "no",
          e.meaning());
    }
    return t.render(paint);
  }

  static String explain(ErrorTable.Entry e, Paint paint) {
    StringBuilder s = new StringBuilder();
    s.append(paint.bold(e.name())).append(" (").append(e.code()).append(", exit code ");
    s.append(e.exitCode()).append(")\n  ").append(e.meaning()).append('\n');
    if (!e.causes().isEmpty()) {
      s.append("\nCauses\n");
      e.causes().forEach(c -> s.append("  - ").append(c).append('\n'));
    }
    s.append("\nWhat to do\n  ").append(e.cure()).append('\n');
    if (e.code() != 0) {
      s.append("\nRepeating the same request\n  ");
      s.append(
          e.retryable()
              ? "May help. liblink does it by itself where the handler did not run or the method"
                  + " is idempotent."
              : "Does not help: something must change first.");
      s.append('\n');
    }
    return s.toString();
  }
}
