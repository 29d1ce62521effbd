package io.liblink.routing;

import io.liblink.registry.View;
import io.liblink.status.Stage;
import java.util.Comparator;
import java.util.List;

/**
 * What became of every instance of a service on the way to a request: the answer to "why does it not
 * reach that one".
 *
 * @param service the service
 * @param selector as it was written; empty for all
 * @param to the instance or node that was asked for; empty for any
 * @param fates one for each instance of the view
 * @param view what the registry said
 * @param source the registry; empty when that is not known
 * @param nowNanos when this was said
 */
public record Explanation(
    String service,
    String selector,
    String to,
    List<Fate> fates,
    View view,
    String source,
    long nowNanos) {
  /** How many instances are named as examples. */
  private static final int NAMED = 3;

  /** The same, by that registry. */
  public Explanation from(String registry) {
    return new Explanation(service, selector, to, fates, view, registry, nowNanos);
  }

  /** How many came at least so far. */
  public long passed(Fate.Step step) {
    return fates.stream().filter(f -> f.step().compareTo(step) >= 0).count();
  }

  /** How many are kept out because they failed. */
  public long ejected() {
    return fates.stream().filter(Fate::ejected).count();
  }

  /** Where it stops when nobody is left. */
  public Stage stage() {
    if (fates.isEmpty()) {
      return Stage.DISCOVER;
    }
    boolean selected = passed(Fate.Step.SELECTED) > 0;
    return selected && passed(Fate.Step.ALLOWED) == 0 ? Stage.AUTHORIZE : Stage.SELECT;
  }

  /** All of it in one line, for errors: with the first few instances that did not come through. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (fates.isEmpty()) {
      text.append("no instance of '").append(service).append("' is known");
    } else {
      long selected = passed(Fate.Step.SELECTED);
      long allowed = passed(Fate.Step.ALLOWED);
      text.append(fates.size())
          .append(fates.size() == 1 ? " instance of '" : " instances of '")
          .append(service + "' discovered, " + passed(Fate.Step.READY) + " ready, ")
          .append(selected + " selected")
          .append(selector.isEmpty() ? "" : " by " + selector)
          .append(to.isEmpty() ? "" : " for '" + to + "'")
          .append(allowed == selected ? "" : ", " + allowed + " allowed")
          .append(", " + ejected() + " ejected");
      name(reasons(), ": ", text);
    }
    if (!view.skipped().isEmpty()) {
      name(
          view.skipped().stream().map(s -> s.what() + " (" + s.reason() + ")").toList(),
          "; the registry also has, and liblink skips, ",
          text);
    }
    if (!view.onlyFor().isEmpty()) {
      text.append("; the registry was asked only for instances with ")
          .append(String.join(" or ", view.onlyFor()));
    }
    String of = source.isEmpty() ? "" : " of " + source;
    if (!view.problem().isEmpty()) {
      text.append("; the view" + of + " is ")
          .append(tenths(Math.max(0, nowNanos - view.asOfNanos())))
          .append(" old: ")
          .append(view.problem());
    } else if (!of.isEmpty()) {
      text.append("; the view" + of + " is up to date");
    }
    return text.toString();
  }

  /** Those that came farthest first: of the others it was known that they are not meant. */
  private List<String> reasons() {
    return fates.stream()
        .filter(f -> !f.reason().isEmpty())
        .sorted(Comparator.comparing(Fate::step).reversed())
        .map(Fate::reason)
        .toList();
  }

  private static void name(List<String> reasons, String before, StringBuilder text) {
    for (int i = 0; i < Math.min(NAMED, reasons.size()); i++) {
      text.append(i == 0 ? before : "; ").append(reasons.get(i));
    }
    if (reasons.size() > NAMED) {
      text.append("; and ").append(reasons.size() - NAMED).append(" more");
    }
  }

  static String tenths(long nanos) {
    long tenths = nanos / 100_000_000L;
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
