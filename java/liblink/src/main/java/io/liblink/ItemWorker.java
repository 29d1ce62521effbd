package io.liblink;

/** A {@link Worker} that also sees whose item it is, which attempt, and how much time is left. */
@FunctionalInterface
public interface ItemWorker<T> {
  /**
   * Works on an item.
   *
   * @throws Exception as with {@link Worker#work}
   */
  void work(T value, Item item) throws Exception;
}
