package io.liblink.delivery;

/**
 * The id of an item of a queue, the same for each of its deliveries.
 *
 * @param producer 32 lower-case hex digits: the run of the producer's node, or its spool on disk
 * @param number counts the items of the producer, from 1
 */
public record ItemId(String producer, long number) {
  /** {@code producer/number}, the producer cut to its first eight digits: for people. */
  @Override
  public String toString() {
    return producer.substring(0, Math.min(8, producer.length())) + "/" + number;
  }
}
