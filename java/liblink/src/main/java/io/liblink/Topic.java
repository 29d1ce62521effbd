package io.liblink;

import java.time.Duration;
import java.util.List;

/**
 * A topic that this node serves. Thread-safe. Publishing never waits for a subscriber: what a slow one
 * does not take in time it misses, and is told so.
 */
public interface Topic {
  /**
   * Publishes to everybody who has subscribed here.
   *
   * @param value of the topic's type, or a {@link io.liblink.message.Message}, whose headers travel
   * @return its number among the messages of this topic, from 1
   * @throws IllegalArgumentException when the value is of another type or can't be written, or when a
   *     header can't travel or begins with {@code liblink-}
   * @throws io.liblink.status.LinkException RESOURCE_EXHAUSTED when it is larger than {@link
   *     Limits#messageBytes}
   * @throws IllegalStateException when the service is closed
   */
  long publish(Object value);

  /**
   * Publishes under a key: subscribers may ask for the latest of each key.
   *
   * @param key not empty; travels as a header
   */
  long publish(String key, Object value);

  /** The number of the newest message; 0 before the first. */
  long published();

  /** Who is subscribed now. */
  List<SubscriberState> subscribers();

  /**
   * Waits until at least that many are subscribed.
   *
   * @throws io.liblink.status.LinkException DEADLINE_EXCEEDED when they are not in time, saying how
   *     many there are
   * @throws IllegalStateException on an event loop
   */
  void awaitSubscribers(int count, Duration timeout);

  /**
   * Waits until for no subscriber more than that many messages wait here: the way to publish no faster
   * than all of them take it. At once when there are none.
   *
   * @throws io.liblink.status.LinkException DEADLINE_EXCEEDED when somebody is behind for so long,
   *     saying who
   * @throws IllegalStateException on an event loop
   */
  void awaitLag(long most, Duration timeout);
}
