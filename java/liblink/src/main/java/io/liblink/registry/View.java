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
 */
public record View(List<Instance> instances, long asOfNanos, String problem) {
  /** Copies the list. */
  public View {
    instances = List.copyOf(instances);
  }
}
