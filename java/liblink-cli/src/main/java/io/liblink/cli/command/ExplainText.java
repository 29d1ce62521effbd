package io.liblink.cli.command;

import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** An explanation for people: the outcome, the funnel, the instances, the view. */
final class ExplainText {
  private static final int NAMED = 100;

  private final ExplainFacts facts;
  private final String asked;
  private final String where;
  private final String whose;
  private final Paint paint;

  /**
   * For that explanation.
   *
   * @param asked {@code SERVICE} or {@code SERVICE/ENDPOINT}
   * @param other whether it is another node's
   * @param where what instances were chosen by, to be said behind "selected"; empty for all
   */
  ExplainText(ExplainFacts facts, String asked, boolean other, String where, Paint paint) {
    this.facts = facts;
    this.asked = asked;
    this.where = where;
    this.whose = other ? facts.node() + "@" + shortId(facts.id()) : "this command";
    this.paint = paint;
  }

  String render() {
    StringBuilder s = new StringBuilder(outcome()).append("\n\n");
    if (facts.steps().getOrDefault("discovered", 0L) > 0) {
      funnel(s);
    }
    s.append("  view        ")
        .append(ViewFacts.text(facts.source(), facts.ageMillis(), facts.problem()))
        .append('\n');
    if (!facts.instances().isEmpty()) {
      s.append('\n').append(table().render(paint));
    }
    int more = facts.leftOut() + Math.max(0, facts.instances().size() - NAMED);
    if (more > 0) {
      s.append(paint.dim("and " + Figures.count(more, "more instance"))).append('\n');
    }
    if (!facts.skipped().isEmpty()) {
      s.append("\nThe registry also has, and liblink skips:\n");
      facts.skipped().forEach(x -> s.append("  " + x.what() + ": " + x.reason() + "\n"));
    }
    return s.toString();
  }

  private void funnel(StringBuilder s) {
    facts.steps().forEach((step, count) -> {
      String line = step + " ".repeat(Math.max(1, 12 - step.length())) + Figures.grouped(count);
      s.append("  ")
          .append(count == 0 ? paint.red(line) : line)
          .append(behind(step))
          .append('\n');
    });
  }

  /** {@code pricing/quote: 2 of 3 instances get requests of web-1@ab12cd34}. */
  private String outcome() {
    int all = facts.instances().size() + facts.leftOut();
    int reached = facts.reached().size();
    String text = all == 0
        ? "no instance is known to " + whose
        : reached + " of " + Figures.count(all, "instance") + (reached == 1 ? " gets" : " get")
            + " requests of " + whose;
    return paint.bold(asked) + ": " + (reached == 0 ? paint.red(text) : paint.green(text));
  }

  private static String shortId(String id) {
    return id.length() > 8 ? id.substring(0, 8) : id;
  }

  private String behind(String step) {
    return switch (step) {
      case "ready" -> paint.dim("   want traffic");
      case "selected" -> where.isEmpty() ? "" : paint.dim("   by " + where);
      case "allowed" -> paint.dim("   let " + whose + " in");
      case "balanced" -> paint.dim("   get their share");
      case "connected" -> paint.dim("   have a link, which is made on first use");
      default -> paint.dim("   known to the registry");
    };
  }

  private Table table() {
    List<ExplainFacts.Place> places =
        facts.instances().subList(0, Math.min(NAMED, facts.instances().size()));
    boolean datacenters = places.stream().anyMatch(p -> !p.datacenter().isEmpty());
    boolean used = places.stream().anyMatch(p -> p.latencyMicros() > 0 || p.inFlight() > 0);
    List<String> titles = new ArrayList<>(List.of("INSTANCE", "OUTCOME"));
    if (datacenters) {
      titles.add("DATACENTER");
    }
    titles.addAll(List.of(">WEIGHT", ">TIER", ">SHARE"));
    if (used) {
      titles.addAll(List.of(">IN FLIGHT", ">LATENCY"));
    }
    titles.addAll(List.of("LINK", "WHY"));
    Table table = new Table(titles.toArray(new String[0]));
    for (ExplainFacts.Place p : places) {
      List<String> cells = new ArrayList<>(List.of(p.label(), outcome(p)));
      if (datacenters) {
        cells.add(p.datacenter().isEmpty() ? "-" : p.datacenter());
      }
      boolean placed = p.tier() >= 0;
      cells.add(Integer.toString(p.weight()));
      cells.add(placed ? Integer.toString(p.tier()) : "-");
      cells.add(placed ? Math.round(p.share() * 100) + " %" : "-");
      if (used) {
        cells.add(Integer.toString(p.inFlight()));
        cells.add(p.latencyMicros() == 0 ? "-" : Figures.time(p.latencyMicros() * 1000));
      }
      cells.add(p.link().isEmpty() ? "-" : p.link());
      cells.add(why(p));
      table.row(cells.toArray(new String[0]));
    }
    return table;
  }

  /** Where it stopped. */
  private static String outcome(ExplainFacts.Place p) {
    return switch (p.step()) {
      case "discovered" -> "not ready";
      case "ready" -> "not selected";
      case "selected" -> "not allowed";
      case "allowed" -> "not balanced";
      case "balanced" ->
        !p.hasEndpoint() ? "no endpoint" : p.unreachable() ? "unreachable" : "no link yet";
      case "connected" -> p.hasEndpoint() ? "connected" : "no endpoint";
      default -> p.step();
    };
  }

  private String why(ExplainFacts.Place p) {
    if (p.getsRequests() && !p.hasEndpoint()) {
      return "has no '" + asked.substring(asked.indexOf('/') + 1) + "'"
          + (p.reason().isEmpty() ? "" : "; " + p.why());
    }
    return p.why();
  }
}
