package io.liblink.cli.args;

import java.util.ArrayList;
import java.util.List;

/** Renders help: examples first, then usage, options and notes. Never wider than 100 columns. */
public final class HelpText {
  private static final int WIDTH = 100;

  private HelpText() {}

  /**
   * A titled part of the overview.
   *
   * @param title shown above
   * @param commands in the order shown; hidden ones are left out
   */
  public record Group(String title, List<Shape> commands) {}

  /** Help of one command. */
  public static String of(Shape shape, List<Option> globals) {
    StringBuilder s = new StringBuilder(1024);
    s.append("liblink ")
        .append(shape.name())
        .append(": ")
        .append(shape.summary())
        .append('\n');
    examples(s, shape.examples());
    s.append("\n").append(usageLine(shape)).append('\n');
    if (!shape.options().isEmpty()) {
      s.append("\nOptions\n");
      options(s, shape.options(), column(shape.options(), globals));
    }
    s.append("\nOptions of every command\n");
    options(s, globals, column(shape.options(), globals));
    for (String note : shape.notes()) {
      s.append('\n');
      for (String line : wrap(note, WIDTH)) {
        s.append(line).append('\n');
      }
    }
    return s.toString();
  }

  /** The overview of all commands. */
  public static String overview(
      String headline, List<Shape.Example> examples, List<Group> groups, List<Option> globals) {
    StringBuilder s = new StringBuilder(2048);
    s.append(headline).append('\n');
    examples(s, examples);
    int column = 0;
    for (Group g : groups) {
      for (Shape c : g.commands()) {
        column = Math.max(column, c.name().length() + 4);
      }
    }
    for (Group g : groups) {
      s.append('\n').append(g.title()).append('\n');
      for (Shape c : g.commands()) {
        if (!c.hidden()) {
          row(s, "  " + c.name(), column, c.summary());
        }
      }
    }
    s.append("\nOptions of every command\n");
    options(s, globals, column(List.of(), globals));
    s.append("\n'liblink help COMMAND' has the rest, with examples.\n");
    return s.toString();
  }

  /** {@code Usage: liblink call SERVICE/METHOD [BODY] [options]}. */
  public static String usageLine(Shape shape) {
    StringBuilder s = new StringBuilder("Usage: liblink ").append(shape.name());
    for (String p : shape.parameters()) {
      s.append(' ').append(p);
    }
    return s.append(shape.options().isEmpty() ? "" : " [options]").toString();
  }

  private static void examples(StringBuilder s, List<Shape.Example> examples) {
    if (examples.isEmpty()) {
      return;
    }
    s.append('\n');
    int column = 0;
    for (Shape.Example e : examples) {
      if (e.line().length() <= 60) {
        column = Math.max(column, e.line().length() + 4);
      }
    }
    for (Shape.Example e : examples) {
      if (e.line().length() > 60) {
        s.append("  ").append(e.line()).append('\n');
        if (!e.does().isEmpty()) {
          s.append("      ").append(e.does()).append('\n');
        }
      } else {
        row(s, "  " + e.line(), column, e.does());
      }
    }
  }

  private static int column(List<Option> own, List<Option> globals) {
    int column = 0;
    for (Option o : own) {
      column = Math.max(column, indented(o).length() + 2);
    }
    for (Option o : globals) {
      column = Math.max(column, indented(o).length() + 2);
    }
    return Math.min(column, 34);
  }

  private static String indented(Option o) {
    return (o.shortName().isEmpty() ? "      " : "  ") + o.usage();
  }

  private static void options(StringBuilder s, List<Option> options, int column) {
    for (Option o : options) {
      row(s, indented(o), column, o.help() + (o.repeatable() ? " (repeatable)" : ""));
    }
  }

  private static void row(StringBuilder s, String left, int column, String right) {
    s.append(left);
    if (left.length() + 2 > column) {
      s.append('\n').append(" ".repeat(column));
    } else {
      s.append(" ".repeat(column - left.length()));
    }
    List<String> lines = wrap(right, WIDTH - column);
    for (int i = 0; i < lines.size(); i++) {
      s.append(i == 0 ? "" : " ".repeat(column)).append(lines.get(i)).append('\n');
    }
  }

  /** Breaks at spaces; a word longer than the width stands alone. Never empty. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
