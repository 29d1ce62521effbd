package io.liblink;

import io.liblink.registry.Instance;
import io.liblink.registry.View;
import java.time.Duration;
import java.util.List;

/**
 * Why a request through a handle reaches the instances that it reaches, and not the others: discovered,
 * ready, selected, allowed, balanced, connected. A snapshot.
 *
 * @param service the service
 * @param source the registry that the view came from, without secrets
 * @param age how long ago the registry last confirmed the view; up to date, within the registry's own
 *     staleness, when {@code problem} is empty
 * @param problem what is wrong with the registry, in words; empty when nothing is
 * @param instances each instance that is known, and how far it comes
 * @param skipped what the registry has under that name and is no instance that can be used
 * @param summary all of it in one line, as it stands in the error when no instance is left
 */
public record Explanation(
    String service,
    String source,
    Duration age,
    String problem,
    List<Place> instances,
    List<View.Skipped> skipped,
    String summary) {
  /** The steps on the way to a request, in order. */
  public enum Step {
    /** The registry knows it. */
    DISCOVERED,
    /** It wants traffic. */
    READY,
    /** It is the one asked for, and has the metadata asked for. */
    SELECTED,
    /** This node may use it. */
    ALLOWED,
    /** It gets its share of the requests. */
    BALANCED,
    /** There is a link to it. Links are made when they are needed. */
    CONNECTED
  }

  /**
   * How far one instance comes.
   *
   * @param instance as it is announced
   * @param step the last step that it passed
   * @param reason why it comes no farther, or what makes its share small, in words; empty when nothing does
   * @param tier 0 when it is among the first to be asked, 1 among those asked when these fail, and so on; -1
   *     when it is not asked
   * @param share the part of its share that it gets, 1 for all of it; less while it is new
   * @param inFlight requests of this node on their way to it
   * @param latency what they take on average, of late; zero while unknown
   * @param link where the link to it ends, {@code host:port}; empty without one
   */
  public record Place(
      Instance instance,
      Step step,
      String reason,
      int tier,
      double share,
      int inFlight,
      Duration latency,
      String link) {}

  /** Copies the lists. */
  public Explanation {
    instances = List.copyOf(instances);
    skipped = List.copyOf(skipped);
  }
}
