package io.liblink.routing;

import java.util.Locale;

/**
 * A selector that can't be read: what was expected, where, what stood there, with the place marked
 * under the text.
 */
public final class SelectorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int AROUND = 60;

  private final int position;
  private final String problem;

  SelectorException(String source, int offset, String problem) {
    super(text(source, offset, problem));
    this.position = source.codePointCount(0, offset);
    this.problem = problem;
  }

  /** Where, in code points from 0. */
  public int position() {
    return position;
  }

  /** What was expected and what stood there, without the place. */
  public String problem() {
    return problem;
  }

  private static String text(String source, int offset, String problem) {
    int from = Math.max(0, offset - AROUND);
    int to = Math.min(source.length(), offset + AROUND);
    String before = visible(source.substring(from, offset));
    String after = visible(source.substring(offset, to));
    String mark = " ".repeat(before.codePointCount(0, before.length())) + "^";
    return String.format(
        Locale.ROOT,
        "selector: %s, at column %d%n  %s%s%s%s%n  %s%s",
        problem,
        source.codePointCount(0, offset) + 1,
        from > 0 ? "…" : "",
        before,
        after,
        to < source.length() ? "…" : "",
        from > 0 ? " " : "",
        mark);
  }

  /** On one line, and no tricks played on a terminal. */
  private static String visible(String text) {
    StringBuilder s = new StringBuilder(text.length());
    text.codePoints().forEach(c -> s.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return s.toString();
  }
}
