package io.liblink.cli.output;

/** What the user types to start this program, for lines that are meant to be copied. */
public final class Name {
  /** Set by the launcher to how it was called. */
  private static final String PROPERTY = "liblink.name";

  private Name() {}

  /** {@code liblink}, or the path that the launcher was called by, such as {@code ./liblink}. */
  public static String typed() {
    String name = System.getProperty(PROPERTY, "");
    return name.isEmpty() || name.indexOf(' ') >= 0 ? "liblink" : name;
  }
}
