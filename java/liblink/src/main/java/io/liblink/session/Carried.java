package io.liblink.session;

import java.util.List;

/**
 * What a session has carried since it began. Immutable.
 *
 * @param opened streams that this side opened
 * @param taken streams that the peer opened and this side did not refuse at once
 * @param sent items sent on streams, such as published messages, pushed items, parts of a streamed reply
 * @param received the same in the other direction
 * @param targets the streams by what they were opened for, in the order of their first; at most 64, so that their sums may be less than all
 */
public record Carried(long opened, long taken, long sent, long received, List<Target> targets) {
  /**
   * Streams for one target.
   *
   * @param target {@code service/endpoint}
   * @param opened by this side
   * @param taken from the peer
   */
  public record Target(String target, long opened, long taken) {}

  /** Copies the list. */
  public Carried {
    targets = List.copyOf(targets);
  }
}
