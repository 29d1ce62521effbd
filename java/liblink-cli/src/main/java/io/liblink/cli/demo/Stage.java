package io.liblink.cli.demo;

import io.liblink.cli.args.HelpText;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Name;
import io.liblink.cli.output.Paint;
import java.util.ArrayList;
import java.util.List;

/** How the demonstration talks: titles, paragraphs, quotes, and a count that grows. */
final class Stage {
  private static final int WIDTH = 96;

  private final Console console;
  private final Paint paint;
  private final List<String> broken = new ArrayList<>();
  private boolean progressShown;

  Stage(Console console) {
    this.console = console;
    this.paint = console.dataPaint();
  }

  void title(String text) {
    console.line("\n" + paint.bold(text));
  }

  void blank() {
    console.line("");
  }

  /** A paragraph. */
  void say(String text) {
    HelpText.wrap(text, WIDTH).forEach(line -> console.line("  " + line));
  }

  void dim(String text) {
    console.line("  " + paint.dim(text));
  }

  void up(String node, String process, String address) {
    console.line("  " + paint.green("up") + "  " + pad(node, 11) + pad(process, 17) + address);
  }

  void kill(String command, String what) {
    console.line("  " + paint.red(command) + "  " + what);
  }

  /** Somebody's own words. */
  void quote(String who, String text) {
    String prefix = who.isEmpty() ? "" : who + ": ";
    for (String line : HelpText.wrap(prefix + text, WIDTH - 4)) {
      console.line("      " + paint.yellow(line));
    }
  }

  String good(boolean good, String text) {
    return good ? paint.green(text) : paint.red(text);
  }

  /** Replaces the last such line, where a person watches; says nothing elsewhere. */
  void progress(String text) {
    if (console.dataIsTerminal()) {
      console.text("\r\u001b[2K  " + paint.dim(text));
      progressShown = true;
    }
  }

  void progressOver() {
    if (progressShown) {
      console.text("\r\u001b[2K");
      progressShown = false;
    }
  }

  /** Something did not go as promised; said at the end. */
  void broken(String what) {
    broken.add(what);
  }

  /** The last words, and the exit code. */
  int verdict() {
    broken.forEach(b -> console.problem(console.paint().red("Not as promised: ") + b));
    if (!broken.isEmpty()) {
      return 1;
    }
    console.say("\nNow yours, in two terminals:");
    console.say("  " + Name.typed() + " serve greeter --method hello='sed \"s/^/Hello, /\"'");
    console.say("  " + Name.typed() + " call greeter/hello Ada");
    return 0;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
