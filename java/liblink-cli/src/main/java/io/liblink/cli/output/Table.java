package io.liblink.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, two spaces apart, without borders. Numbers belong to the right. Not thread-safe. */
public final class Table {
  private final String[] titles;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** With these titles; one that starts with {@code >} marks a column that is aligned right. */
  public Table(String... titles) {
    this.titles = new String[titles.length];
    this.right = new boolean[titles.length];
    for (int i = 0; i < titles.length; i++) {
      right[i] = titles[i].startsWith(">");
      this.titles[i] = right[i] ? titles[i].substring(1) : titles[i];
    }
  }

  /** Adds a row with a cell for each title. */
  public Table row(String... cells) {
    if (cells.length != titles.length) {
      throw new IllegalArgumentException(
          cells.length + " cells under " + titles.length + " titles");
    }
    rows.add(cells);
    return this;
  }

  /** The lines, titles first, each ended by a line feed; titles are dimmed. */
  public String render(Paint paint) {
    int[] widths = new int[titles.length];
    measure(widths, titles);
    rows.forEach(r -> measure(widths, r));
    StringBuilder s = new StringBuilder();
    s.append(paint.dim(line(titles, widths))).append('\n');
    rows.forEach(r -> s.append(line(r, widths)).append('\n'));
    return s.toString();
  }

  private static void measure(int[] widths, String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      widths[i] = Math.max(widths[i], cells[i].codePointCount(0, cells[i].length()));
    }
  }

  private String line(String[] cells, int[] widths) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String pad = " ".repeat(widths[i] - cells[i].codePointCount(0, cells[i].length()));
      s.append(i == 0 ? "" : "  ").append(right[i] ? pad + cells[i] : cells[i] + pad);
    }
    return s.toString().stripTrailing();
  }
}
