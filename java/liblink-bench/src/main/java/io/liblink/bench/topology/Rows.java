package io.liblink.bench.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table for people, columns under each other; the first to the left, the others to the right. */
final class Rows {
  private final List<List<String>> rows = new ArrayList<>();

  Rows(String... heads) {
    rows.add(List.of(heads));
  }

  void add(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Double d ? number(d) : String.valueOf(cell));
    }
    rows.add(row);
  }

  /** Two digits behind the point for what is small, none for what is large. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    String pattern = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(width[i] - row.get(i).length());
        text.append("  ").append(i == 0 ? row.get(i) + pad : pad + row.get(i));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
