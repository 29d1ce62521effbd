package io.liblink.cli.args;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one command looks like: enough to parse it, to explain it and to complete it. Immutable once
 * built; the builder methods return a changed copy.
 *
 * @param name one word, or two for a member of a group: {@code call}, {@code key show}
 * @param summary one line for the overview
 * @param parameters positional parameters in order; {@code [X]} is optional, {@code X...} repeats
 * @param options its own options, without the global ones
 * @param examples shown first in help
 * @param notes paragraphs at the end of help
 * @param hidden whether the overview leaves it out
 */
public record Shape(
    String name,
    String summary,
    List<String> parameters,
    List<Option> options,
    List<Example> examples,
    List<String> notes,
    boolean hidden) {
  /**
   * A line to copy.
   *
   * @param line the command line
   * @param does what it does, in a few words
   */
  public record Example(String line, String does) {}

  /** A command that takes nothing yet. */
  public static Shape of(String name, String summary) {
    return new Shape(name, summary, List.of(), List.of(), List.of(), List.of(), false);
  }

  /** With these positional parameters. */
  public Shape parameters(String... list) {
    return new Shape(name, summary, List.of(list), options, examples, notes, hidden);
  }

  /** With these options. */
  public Shape options(Option... list) {
    return new Shape(name, summary, parameters, List.of(list), examples, notes, hidden);
  }

  /** With one more example. */
  public Shape example(String line, String does) {
    List<Example> more = new ArrayList<>(examples);
    more.add(new Example(line, does));
    return new Shape(name, summary, parameters, options, List.copyOf(more), notes, hidden);
  }

  /** With one more paragraph. */
  public Shape note(String paragraph) {
    List<String> more = new ArrayList<>(notes);
    more.add(paragraph);
    return new Shape(name, summary, parameters, options, examples, List.copyOf(more), hidden);
  }

  /** Left out of the overview: for the program's own use. */
  public Shape hide() {
    return new Shape(name, summary, parameters, options, examples, notes, true);
  }

  /** How many positional parameters must be there. */
  public int required() {
    int n = 0;
    for (String p : parameters) {
      n += p.startsWith("[") ? 0 : 1;
    }
    return n;
  }

  /** Whether the last parameter takes everything that is left. */
  public boolean repeats() {
    return !parameters.isEmpty() && parameters.get(parameters.size() - 1).contains("...");
  }

  /** The option of that name or letter among the command's own, or null. */
  public @Nullable Option find(String nameOrLetter) {
    return find(options, nameOrLetter);
  }

  static @Nullable Option find(List<Option> options, String nameOrLetter) {
    for (Option o : options) {
      if (o.name().equals(nameOrLetter)
          || (!o.shortName().isEmpty() && o.shortName().equals(nameOrLetter))) {
        return o;
      }
    }
    return null;
  }
}
