package io.liblink.bench.peers;

import java.io.IOException;
import java.util.List;

/**
 * Publish-subscribe of one system. The publisher has a process of its own, its subscribers share
 * another, each with a connection of its own.
 */
public interface PubSub {
  /**
   * Starts a publisher on loopback.
   *
   * @throws Exception when it can't here; the bench leaves the peer out and shows the text
   */
  Publisher publisher(Secrets secrets) throws Exception;

  /** Prepares subscribers of a publisher's address. */
  Subscriber subscriber(String address, Secrets secrets) throws Exception;

  /** A publisher. For one thread, except {@link #close}. */
  interface Publisher extends AutoCloseable {
    /** What {@link PubSub#subscriber} needs. */
    String address();

    /** Processes besides the JVM that are part of the publishing side, a broker for example. */
    default List<Long> processes() {
      return List.of();
    }

    /** Waits until so many links are subscribed and miss nothing that is published from now on. */
    void awaitSubscribers(int count) throws Exception;

    /**
     * Publishes. Waits, by the peer's own means, while a subscriber could lose it otherwise. The
     * array belongs to the peer from now on.
     */
    void publish(byte[] message) throws Exception;

    /** Sends what was gathered, where the peer does not do that by itself. */
    default void flush() throws Exception {}

    @Override
    void close() throws IOException;
  }

  /** What the subscribing links of a process share. They last as long as the process. */
  @FunctionalInterface
  interface Subscriber {
    /** Opens one more link and subscribes on it. */
    void subscribe(Sink sink) throws Exception;
  }

  /** The handler of one link. Hears of one message at a time. */
  interface Sink {
    /** A message. */
    void arrived(byte[] message);

    /** Nothing more will come. */
    void failed(Throwable cause);
  }
}
