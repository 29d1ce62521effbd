package io.liblink.cli.output;

/** Colours for one stream, or none. Immutable. */
public final class Paint {
  private final boolean on;

  /** Paints when {@code on}, and returns every text as it is otherwise. */
  public Paint(boolean on) {
    this.on = on;
  }

  private String wrap(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** What matters most. */
  public String bold(String text) {
    return wrap("1", text);
  }

  /** What matters least. */
  public String dim(String text) {
    return wrap("2", text);
  }

  /** What failed. */
  public String red(String text) {
    return wrap("31", text);
  }

  /** What worked. */
  public String green(String text) {
    return wrap("32", text);
  }

  /** What deserves a look. */
  public String yellow(String text) {
    return wrap("33", text);
  }

  /** Names. */
  public String cyan(String text) {
    return wrap("36", text);
  }
}
