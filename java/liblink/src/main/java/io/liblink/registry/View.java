package io.liblink.registry;

import java.util.List;

/**
 * What a registry knows of one service at one time. A view without a problem stays confirmed, to
 * within {@link Registry#staleness()}, until the next one is given; one with a problem is as old as
 * its {@code asOfNanos} says.
 *
 * @param instances all of them, ready or not; unmodifiable
 * @param asOfNanos when the registry last confirmed this, by the node's {@link
 *     io.liblink.time.TimeSource#nanos()}
 * @param problem empty when the registry answers; otherwise why this view is growing old
 * @param skipped what the registry found under the name and did not take for an instance; at most 100
 * @param onlyFor the selectors of {@link Registry#narrow} in their canonical form: instances that none of
 *     them selects may be missing; empty when none are
 */
public record View(
    List<Instance> instances,
    long asOfNanos,
    String problem,
    List<Skipped> skipped,
    List<String> onlyFor) {
  /** The most entries of {@link #skipped}. */
  public static final int MOST_SKIPPED = 100;

  /**
   * Something that is no instance of liblink, or not one that can be used.
   *
   * @param what names it as the registry does
   * @param reason why it was skipped, in words
   */
  public record Skipped(String what, String reason) {}

  /** Copies the lists. */
  public View {
    instances = List.copyOf(instances);
    onlyFor = List.copyOf(onlyFor);
    skipped =
        List.copyOf(skipped.size() > MOST_SKIPPED ? skipped.subList(0, MOST_SKIPPED) : skipped);
  }

  /** One of all instances. */
  public View(List<Instance> instances, long asOfNanos, String problem, List<Skipped> skipped) {
    this(instances, asOfNanos, problem, skipped, List.of());
  }

  /** One of all instances in which nothing was skipped. */
  public View(List<Instance> instances, long asOfNanos, String problem) {
    this(instances, asOfNanos, problem, List.of());
  }
}
