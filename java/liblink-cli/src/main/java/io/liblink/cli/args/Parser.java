package io.liblink.cli.args;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command line by its shape. Options and parameters may be mixed; {@code --name value}, {@code
 * --name=value}, {@code -n value}, {@code -nvalue} and bundled flags {@code -jq} are understood;
 * {@code --} ends the options; {@code -} is a parameter.
 */
public final class Parser {
  private final Shape shape;
  private final List<Option> globals;

  /** For a command with its own options and those that every command takes. */
  public Parser(Shape shape, List<Option> globals) {
    this.shape = shape;
    this.globals = globals;
  }

  /**
   * Reads the words after the command's name.
   *
   * @throws UsageException says what is wrong, and what was probably meant
   */
  public Arguments parse(List<String> words) {
    Arguments result = new Arguments();
    boolean optionsOver = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (optionsOver || word.equals("-") || !word.startsWith("-")) {
        result.add(word);
      } else if (word.equals("--")) {
        optionsOver = true;
      } else {
        i += word.startsWith("--")
            ? longOption(word, words, i, result)
            : letters(word, words, i, result);
      }
    }
    checkCount(result);
    return result;
  }

  private int longOption(String word, List<String> words, int at, Arguments result) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Option option = find(name);
    if (option == null) {
      throw unknown(name);
    }
    if (option.isFlag()) {
      if (equals >= 0) {
        throw new UsageException(name + " takes no value");
      }
      result.put(option, "");
      return 0;
    }
    if (equals >= 0) {
      result.put(option, word.substring(equals + 1));
      return 0;
    }
    result.put(option, next(option, words, at));
    return 1;
  }

  private int letters(String word, List<String> words, int at, Arguments result) {
    for (int i = 1; i < word.length(); i++) {
      Option option = find("-" + word.charAt(i));
      if (option == null) {
        throw unknown(i == 1 ? word : "-" + word.charAt(i));
      }
      if (!option.isFlag()) {
        if (i + 1 < word.length()) {
          result.put(option, word.substring(i + 1));
          return 0;
        }
        result.put(option, next(option, words, at));
        return 1;
      }
      result.put(option, "");
    }
    return 0;
  }

  private static String next(Option option, List<String> words, int at) {
    if (at + 1 >= words.size()) {
      throw new UsageException(option.name() + " needs a value: " + option.usage());
    }
    return words.get(at + 1);
  }

  private @Nullable Option find(String nameOrLetter) {
    Option own = shape.find(nameOrLetter);
    return own != null ? own : Shape.find(globals, nameOrLetter);
  }

  private UsageException unknown(String name) {
    List<String> names = new ArrayList<>();
    shape.options().forEach(o -> names.add(o.name()));
    globals.forEach(o -> names.add(o.name()));
    String meant = Nearest.of(name, names);
    return new UsageException(
        "there is no option " + name + " for '" + shape.name() + "'",
        meant == null ? "" : "did you mean " + meant + "?");
  }

  private void checkCount(Arguments result) {
    if (result.has("--help")) {
      return;
    }
    if (result.count() < shape.required()) {
      throw new UsageException(
          "'" + shape.name() + "' needs " + shape.parameters().get(result.count()),
          HelpText.usageLine(shape));
    }
    if (!shape.repeats() && result.count() > shape.parameters().size()) {
      throw new UsageException(
          "'" + shape.name() + "' can't do anything with '"
              + result.get(shape.parameters().size()) + "'",
          shape.parameters().contains("[BODY]")
              ? "put a body with spaces between quotes"
              : HelpText.usageLine(shape));
    }
  }
}
