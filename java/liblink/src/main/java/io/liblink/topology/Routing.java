package io.liblink.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a caller chooses among the instances that are ready and selected. Immutable: each method returns
 * a changed copy. The rules act in this order:
 *
 * <ol>
 *   <li>{@link #split}: a draw decides for whose share the request is,
 *   <li>{@link #failover}: the first group with enough healthy instances,
 *   <li>{@link #preferSame}: of these, the nearest,
 *   <li>{@link #subset}: of these, this node's share,
 *   <li>of these, by weight and slow start, the cheaper of two drawn at random.
 * </ol>
 *
 * <p>A handle that is sticky to a key takes the instance that the key belongs to instead of the last two
 * steps.
 */
public final class Routing {
  /** Instances of a group that one node has links to, at most: 20. */
  public static final int DEFAULT_SUBSET = 20;

  /** How long a new instance takes to its full share: 30 s. */
  public static final Duration DEFAULT_SLOW_START = Duration.ofSeconds(30);

  private static final int MOST_RULES = 20;

  private static final Routing DEFAULTS =
      new Routing(List.of(), List.of(), List.of(), DEFAULT_SUBSET, DEFAULT_SLOW_START);

  private final List<Split> splits;
  private final List<String> groups;
  private final List<String> nearness;
  private final int subset;
  private final Duration slowStart;

  private Routing(
      List<Split> splits,
      List<String> groups,
      List<String> nearness,
      int subset,
      Duration slowStart) {
    this.splits = splits;
    this.groups = groups;
    this.nearness = nearness;
    this.subset = subset;
    this.slowStart = slowStart;
  }

  /** All instances alike, a subset of 20, slow start within 30 s. */
  public static Routing defaults() {
    return DEFAULTS;
  }

  /**
   * So many percent of the requests go to instances that the selector selects, and no others do. When
   * none of them is there its share goes to the rest. Several add up, to at most 100; what is left is
   * for the instances in no split, or for all when there are none such.
   *
   * @throws IllegalArgumentException when the shares are more than 100 percent together
   */
  public Routing split(double percent, String selector) {
    List<Split> more = new ArrayList<>(splits);
    more.add(new Split(percent, selector));
    double sum = more.stream().mapToDouble(Split::percent).sum();
    if (sum > 100.000001 || more.size() > MOST_RULES) {
      throw new IllegalArgumentException(more.size() + " splits of together " + sum
          + " percent; at most " + MOST_RULES + " splits and 100 percent make sense");
    }
    return new Routing(List.copyOf(more), groups, nearness, subset, slowStart);
  }

  /**
   * Groups of instances in order of preference, each a selector: {@code failover("datacenter == eu",
   * "datacenter == us")}. Requests go to the first group; as its instances fail (beyond 2 in 7), an
   * ever larger part goes to the next. Instances in none of the groups come last.
   */
  public Routing failover(String... selectors) {
    if (selectors.length > MOST_RULES) {
      throw new IllegalArgumentException("more than " + MOST_RULES + " groups");
    }
    return new Routing(splits, List.of(selectors), nearness, subset, slowStart);
  }

  /**
   * Instances with the same value of that metadata as this node come first; with several keys, those
   * that agree in more of them, from the first on: {@code preferSame("zone", "region")} prefers the zone,
   * then the region... Requests spill over to the next when too many of the near ones fail, when they are overloaded, or
   * when they are much slower under their load than the others.
   */
  public Routing preferSame(String... metadataKeys) {
    if (metadataKeys.length > MOST_RULES) {
      throw new IllegalArgumentException("more than " + MOST_RULES + " keys");
    }
    return new Routing(splits, groups, List.of(metadataKeys), subset, slowStart);
  }

  /**
   * How many instances of a group this node talks to at most, chosen so that every node has others
   * and a change of the instances changes little (rendezvous hashing).
   *
   * @param most at least 1; {@link Integer#MAX_VALUE} for all
   */
  public Routing subset(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a subset has at least one instance, not " + most);
    }
    return new Routing(splits, groups, nearness, most, slowStart);
  }

  /** How long an instance that has just started takes to its full share; zero for at once. */
  public Routing slowStart(Duration window) {
    if (window.isNegative()) {
      throw new IllegalArgumentException("slow start must not be negative");
    }
    return new Routing(splits, groups, nearness, subset, window);
  }

  /** The shares. */
  public List<Split> splits() {
    return splits;
  }

  /** The groups, the preferred first, as selectors. */
  public List<String> groups() {
    return groups;
  }

  /** The metadata keys in which near instances agree with this node, the nearest first. */
  public List<String> nearness() {
    return nearness;
  }

  /** The most instances of a group that are used. */
  public int subset() {
    return subset;
  }

  /** How long a new instance takes to its full share. */
  public Duration slowStart() {
    return slowStart;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Routing r
        && r.splits.equals(splits)
        && r.groups.equals(groups)
        && r.nearness.equals(nearness)
        && r.subset == subset
        && r.slowStart.equals(slowStart);
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(splits, groups, nearness, subset, slowStart);
  }

  @Override
  public String toString() {
    return "splits " + splits + ", failover " + groups + ", prefers the same " + nearness
        + ", subset " + subset + ", slow start " + slowStart.toMillis() + " ms";
  }
}
