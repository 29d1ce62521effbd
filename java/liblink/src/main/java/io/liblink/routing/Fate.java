package io.liblink.routing;

import io.liblink.registry.Instance;
import org.jspecify.annotations.Nullable;

/**
 * How far one instance came on the way to a request, and why no farther.
 *
 * @param instance the instance
 * @param step the last step that it passed; {@link Step#BALANCED} when it gets requests
 * @param reason why it came no farther, or what keeps its share small, in words; empty otherwise
 * @param ejected whether it is kept out because it failed
 * @param tier 0 for those that are asked first, 1 for those when these fail; -1 when it came not so far
 * @param share the part of its share that it gets: below 1 while it is new
 * @param inFlight requests of this node on their way to it
 * @param latencyNanos what they take on average, as this node sees it; 0 while unknown
 */
public record Fate(
    Instance instance,
    Step step,
    String reason,
    boolean ejected,
    int tier,
    double share,
    int inFlight,
    long latencyNanos) {
  /** The steps, in order; "connected" comes behind them and is the links' to say. */
  public enum Step {
    /** The registry knows it. */
    DISCOVERED,
    /** It wants traffic. */
    READY,
    /** It is the one wanted and has the metadata that is asked for. */
    SELECTED,
    /** This node may use it. */
    ALLOWED,
    /** It gets its share of the requests. */
    BALANCED
  }

  static Fate of(
      Instance instance,
      @Nullable Selector selector,
      @Nullable Target target,
      InstanceStates states,
      RoutingPlan plan,
      Candidates candidates,
      long now) {
    String label = instance.label();
    if (!instance.ready()) {
      String why = instance.note().isEmpty() ? "" : ": " + instance.note();
      return stopped(instance, Step.DISCOVERED, label + " is not ready" + why);
    }
    if (target != null && !target.accepts(instance)) {
      return stopped(instance, Step.READY, label + " is not '" + target.text() + "'");
    }
    String failed = selector == null ? null : selector.explain(instance);
    if (failed != null) {
      return stopped(instance, Step.READY, label + " fails " + failed);
    }
    String refusal = plan.refusal(instance);
    if (refusal != null) {
      return stopped(instance, Step.SELECTED, label + " " + refusal);
    }
    return balanced(
        instance, states.of(instance.id()), candidates.placeOf(instance.id()), plan, now);
  }

  private static Fate stopped(Instance instance, Step step, String reason) {
    return new Fate(instance, step, reason, false, -1, 0, 0, 0);
  }

  private static Fate balanced(
      Instance instance,
      InstanceState state,
      Candidates.@Nullable Place place,
      RoutingPlan plan,
      long now) {
    double share = plan.slowStartNanos() == 0 ? 1 : state.share(now, plan.slowStartNanos());
    Step step = Step.BALANCED;
    String reason = "";
    if (state.ejected()) {
      step = Step.ALLOWED;
      reason = (state.isStill()
              ? "gives no sign of life"
              : "is ejected after " + state.faults() + " faults in a row")
          + ", tried again in "
          + Explanation.tenths(state.ejectedForNanos(now));
    } else if (place == null) {
      step = Step.ALLOWED;
      reason = instance.weight() == 0 ? "has weight 0" : "has a share of 0 percent";
    } else if (!place.inSubset()) {
      step = Step.ALLOWED;
      reason = "is outside of the subset of " + plan.rules.subset() + " that this node keeps to";
    } else if (share < 1) {
      reason = "is new and gets " + Math.round(share * 100) + " % of its share";
    }
    return new Fate(
        instance,
        step,
        reason.isEmpty() ? "" : instance.label() + " " + reason,
        state.ejected(),
        place == null ? -1 : place.tier(),
        share,
        state.inFlight(),
        (long) state.latency(now));
  }
}
