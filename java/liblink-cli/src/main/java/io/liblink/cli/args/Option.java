package io.liblink.cli.args;

/**
 * One option of a command.
 *
 * @param name the long name with its dashes, {@code --timeout}
 * @param shortName a dash and a letter, or empty when there is none
 * @param label what its value is called in help, {@code DURATION}; empty for a flag
 * @param help what it does, in one sentence without a full stop
 * @param repeatable whether it may be given more than once
 */
public record Option(String name, String shortName, String label, String help, boolean repeatable) {
  /** An option that is there or not. */
  public static Option flag(String name, String help) {
    return new Option(name, "", "", help, false);
  }

  /** An option with a value. */
  public static Option value(String name, String label, String help) {
    return new Option(name, "", label, help, false);
  }

  /** The same, also known by a letter: {@code or("-j")}. */
  public Option or(String letter) {
    return new Option(name, letter, label, help, repeatable);
  }

  /** The same, allowed any number of times. */
  public Option many() {
    return new Option(name, shortName, label, help, true);
  }

  /** Whether it stands alone. */
  public boolean isFlag() {
    return label.isEmpty();
  }

  /** How help shows it: {@code -j, --json} or {@code --timeout DURATION}. */
  public String usage() {
    return (shortName.isEmpty() ? "" : shortName + ", ") + name + (isFlag() ? "" : " " + label);
  }
}
