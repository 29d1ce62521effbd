package io.liblink.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Pipeline of one system. The producer has a process of its own, its workers share another, each
 * with a connection of its own.
 */
public interface Pipeline {
  /**
   * Starts workers on loopback.
   *
   * @param functions what each worker does with an item, one function for each worker; thread-safe
   * @param credit how many items each worker takes before it has acknowledged one
   * @throws Exception when it can't here; the bench leaves the peer out and shows the text
   */
  Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets) throws Exception;

  /**
   * Connects a producer with the workers.
   *
   * @param credit as each worker gave it
   * @param receipts hears of every item that a worker acknowledged after its function returned
   */
  Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception;

  /** Why this is not the equal of an acknowledged push; empty when it is. */
  default String unequal() {
    return "";
  }

  /** Workers that run. */
  interface Workers extends AutoCloseable {
    /** What {@link Pipeline#producer} needs. */
    String address();

    /** Processes besides the JVM that are part of the working side, a broker for example. */
    default List<Long> processes() {
      return List.of();
    }

    @Override
    void close() throws IOException;
  }

  /** A producer. For one thread; never has more in flight than all workers' credit. */
  interface Producer {
    /** Pushes one item. The array belongs to the peer from now on. */
    void push(byte[] item) throws Exception;

    /** Sends what was gathered, where the peer does not do that by itself. */
    default void flush() throws Exception {}

    /**
     * Waits a moment for receipts and hands them on, where only the pushing thread can.
     *
     * @return false when other threads bring them, and nothing was done
     */
    default boolean takeReceipts() throws Exception {
      return false;
    }

    /** Waits until the workers have everything, where receipts say less than that. */
    default void drain() throws Exception {}
  }

  /** Where the outcome of pushes goes. Thread-safe. */
  interface Receipts {
    /** So many more were acknowledged. */
    void settled(int items);

    /** It took so long until one was accepted: kept, whatever happens to the producer. */
    default void accepted(long nanos) {}

    /** One was not, or none will be any more. */
    void failed(Throwable cause);
  }
}
