package io.liblink.routing;

import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.status.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has the candidates it has, or none.
 *
 * @param stage how far one comes: {@link Stage#DISCOVER} when nothing was discovered, {@link
 *     Stage#SELECT} otherwise
 * @param discovered how many instances the registry knows
 * @param ready how many of these want traffic
 * @param selected how many of the ready are on target and satisfy the selector
 * @param ejected how many of the selected are ejected
 * @param text all that in words, and for a few of those left out, why; fit for an error's problem
 */
public record Explanation(
    Stage stage, int discovered, int ready, int selected, int ejected, String text) {
  /** How many instances are named as examples. */
  private static final int NAMED = 3;

  static Explanation of(
      String service,
      View view,
      @Nullable Selector selector,
      @Nullable Target target,
      InstanceStates states,
      long nowNanos) {
    int ready = 0;
    int selected = 0;
    int ejected = 0;
    List<String> reasons = new ArrayList<>();
    for (Instance instance : view.instances()) {
      if (!instance.ready()) {
        reasons.add(instance.label() + " is not ready");
        continue;
      }
      ready++;
      if (target != null && !target.accepts(instance)) {
        reasons.add(instance.label() + " is not '" + target.text() + "'");
        continue;
      }
      String failed = selector == null ? null : selector.explain(instance);
      if (failed != null) {
        reasons.add(instance.label() + " fails " + failed);
        continue;
      }
      selected++;
      InstanceState state = states.of(instance.id());
      if (state.ejected()) {
        ejected++;
        reasons.add(instance.label()
            + " is ejected after "
            + state.faults()
            + " faults in a row, tried again in "
            + tenths(state.ejectedForNanos(nowNanos)));
      }
    }
    int discovered = view.instances().size();
    StringBuilder text = new StringBuilder();
    if (discovered == 0) {
      text.append("no instance of '").append(service).append("' is known");
    } else {
      text.append(discovered)
          .append(discovered == 1 ? " instance of '" : " instances of '")
          .append(service + "' discovered, " + ready + " ready, " + selected + " selected")
          .append(selector == null ? "" : " by " + selector.source())
          .append(target == null ? "" : " for '" + target.text() + "'")
          .append(", " + ejected + " ejected");
      name(reasons, text);
    }
    if (!view.problem().isEmpty()) {
      text.append("; the view is ")
          .append(tenths(Math.max(0, nowNanos - view.asOfNanos())))
          .append(" old: ")
          .append(view.problem());
    }
    Stage stage = discovered == 0 ? Stage.DISCOVER : Stage.SELECT;
    return new Explanation(stage, discovered, ready, selected, ejected, text.toString());
  }

  private static void name(List<String> reasons, StringBuilder text) {
    for (int i = 0; i < Math.min(NAMED, reasons.size()); i++) {
      text.append(i == 0 ? ": " : "; ").append(reasons.get(i));
    }
    if (reasons.size() > NAMED) {
      text.append("; and ").append(reasons.size() - NAMED).append(" more");
    }
  }

  private static String tenths(long nanos) {
    long tenths = nanos / 100_000_000L;
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
