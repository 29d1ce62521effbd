package io.liblink;

import java.util.List;

/** As {@link Subscriber}, for who does better with many messages at once. */
@FunctionalInterface
public interface BatchSubscriber<T> {
  /**
   * Takes what has come: at least one message and at most 1,024. Nothing is waited for to make it more.
   *
   * @param events in order; of several publishers as they came; unmodifiable
   */
  void on(List<Event<T>> events) throws Exception;
}
