package io.liblink.registry.consul;

/** Texts of others, fit for one line of a log or a terminal. */
final class Printable {
  private Printable() {}

  /** Without what could trouble a terminal, and no longer than that. */
  static String line(String text, int longest) {
    StringBuilder s = new StringBuilder(Math.min(text.length(), longest) + 1);
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      s.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c);
    }
    return (text.length() > longest ? s.append('…') : s).toString().trim();
  }
}
