package io.liblink;

/** As {@link Subscriber}, for who wants to know more of a message than its value. */
@FunctionalInterface
public interface EventSubscriber<T> {
  /**
   * Takes a message.
   *
   * @param value that of the event
   * @param event what is known of the message
   */
  void on(T value, Event<T> event) throws Exception;
}
