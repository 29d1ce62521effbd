package io.liblink.bench.topology;

import io.liblink.bench.topology.Model.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The table as a picture: a panel for each figure, a line for each model, both axes logarithmic. */
final class Plot {
  private static final int WIDTH = 900;
  private static final int PANEL_WIDTH = 300;
  private static final int PANEL_HEIGHT = 250;
  private static final int LEFT = 56;
  private static final int TOP = 40;
  private static final int RIGHT = 18;
  private static final int BOTTOM = 36;
  private static final int TITLE = 34;

  /** Readable on white and on black; told apart by who sees no colours by their marks. */
  private static final String STYLE = """
      <style>
        text { font: 12px system-ui, sans-serif; fill: #24292f; }
        .title { font-size: 13px; font-weight: 600; }
        .grid { stroke: #d0d7de; stroke-width: 1; }
        .line { fill: none; stroke-width: 2; }
        .s0 { stroke: #b3261e; } .m0 { fill: #b3261e; }
        .s1 { stroke: #0b63c4; } .m1 { fill: #0b63c4; }
        .s2 { stroke: #177245; } .m2 { fill: #177245; }
        .s3 { stroke: #8a5a00; } .m3 { fill: #8a5a00; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; }
          .grid { stroke: #3d444d; }
          .s0 { stroke: #ff8a80; } .m0 { fill: #ff8a80; }
          .s1 { stroke: #6cb6ff; } .m1 { fill: #6cb6ff; }
          .s2 { stroke: #57d38c; } .m2 { fill: #57d38c; }
          .s3 { stroke: #e3b341; } .m3 { fill: #e3b341; }
        }
      </style>
      """;

  private record Panel(String title, ToDoubleFunction<Figures> figure, double... ticks) {
    double from() {
      return ticks[0];
    }

    double to() {
      return ticks[ticks.length - 1];
    }
  }

  private static final List<Panel> PANELS = List.of(
      new Panel("open links", Figures::links, 10, 100, 1e3, 1e4, 1e5, 1e6),
      new Panel("links of the node with the most", Figures::most, 1, 10, 100, 1e3),
      new Panel("watches", Figures::watches, 10, 100, 1e3, 1e4),
      new Panel("requests/s to Consul, all quiet", Figures::requests, 1, 10, 100, 1e3, 1e4),
      new Panel("requests ended by one change", Figures::perChange, 1, 10, 100, 1e3),
      new Panel("load, worst instance / mean", Figures::worst, 1, 1.5, 2, 3, 4));

  private final List<Topology.Row> rows;
  private final StringBuilder out = new StringBuilder();

  private Plot(List<Topology.Row> rows) {
    this.rows = rows;
  }

  static String of(List<Topology.Row> rows) {
    Plot plot = new Plot(rows);
    plot.draw();
    return plot.out.toString();
  }

  private void draw() {
    int height = TITLE + 2 * PANEL_HEIGHT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n",
        WIDTH, height);
    add("<title>What clusters of 10, 100 and 1,000 nodes have open</title>%n");
    out.append(STYLE);
    legend();
    for (int i = 0; i < PANELS.size(); i++) {
      panel(PANELS.get(i), i % 3 * PANEL_WIDTH, TITLE + i / 3 * PANEL_HEIGHT);
    }
    out.append("</svg>\n");
  }

  private void legend() {
    int x = LEFT;
    for (Kind kind : Kind.values()) {
      int k = kind.ordinal();
      add("<path class=\"line s%d\" d=\"M%d 18h24\"/>", k, x);
      mark(k, x + 12, 18);
      add("<text x=\"%d\" y=\"22\">%s</text>%n", x + 30, kind.title);
      x += 58 + kind.title.length() * 7;
    }
  }

  private void panel(Panel panel, int left, int top) {
    add(
        "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>%n",
        left + LEFT, top + TOP - 14, panel.title());
    for (double value : panel.ticks()) {
      double y = y(panel, value, top);
      add("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", left + LEFT, y, left + PANEL_WIDTH - RIGHT);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
          left + LEFT - 6, y + 4, tick(value));
    }
    List<Integer> sizes = rows.stream().map(Topology.Row::nodes).distinct().toList();
    for (int nodes : sizes) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
          x(nodes, left), top + PANEL_HEIGHT - BOTTOM + 18, tick(nodes));
    }
    for (Kind kind : Kind.values()) {
      line(panel, kind, left, top);
    }
  }

  private void line(Panel panel, Kind kind, int left, int top) {
    List<String> points = new ArrayList<>();
    List<double[]> marks = new ArrayList<>();
    for (Topology.Row row : rows) {
      if (row.kind() == kind) {
        double x = x(row.nodes(), left);
        double y = y(panel, panel.figure().applyAsDouble(row.figures()), top);
        points.add(String.format(Locale.ROOT, "%.1f %.1f", x, y));
        marks.add(new double[] {x, y});
      }
    }
    add("<path class=\"line s%d\" d=\"M%s\"/>", kind.ordinal(), String.join("L", points));
    marks.forEach(m -> mark(kind.ordinal(), m[0], m[1]));
    out.append('\n');
  }

  /** A circle, a square, a triangle, a diamond. */
  private void mark(int which, double x, double y) {
    switch (which) {
      case 0 -> add("<circle class=\"m0\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, y);
      case 1 -> add("<path class=\"m1\" d=\"M%.1f %.1fh8v8h-8z\"/>", x - 4, y - 4);
      case 2 -> add("<path class=\"m2\" d=\"M%.1f %.1fl5 9h-10z\"/>", x, y - 5);
      default -> add("<path class=\"m3\" d=\"M%.1f %.1fl5 5l-5 5l-5 -5z\"/>", x, y - 5);
    }
  }

  private static double x(double nodes, int left) {
    double width = PANEL_WIDTH - LEFT - RIGHT - 20;
    return left + LEFT + 10 + width * (Math.log10(nodes) - 1) / 2;
  }

  private static double y(Panel panel, double value, int top) {
    double part = Math.log10(Math.max(panel.from(), value) / panel.from())
        / Math.log10(panel.to() / panel.from());
    return top + PANEL_HEIGHT - BOTTOM - part * (PANEL_HEIGHT - TOP - BOTTOM);
  }

  private static String tick(double value) {
    return value >= 1e6
        ? String.format(Locale.ROOT, "%.0fM", value / 1e6)
        : value >= 1e4
            ? String.format(Locale.ROOT, "%.0fk", value / 1e3)
            : String.format(Locale.ROOT, value < 2 && value > 1 ? "%.1f" : "%,.0f", value);
  }

  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
