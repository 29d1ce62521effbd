package io.liblink;

/**
 * The user's code behind a subscription. May block, which slows nobody but this subscription, and may
 * throw: that is logged and counted, and the next message goes on.
 */
@FunctionalInterface
public interface Subscriber<T> {
  /**
   * Takes a message. Never run twice at once for one subscription, unless it is {@linkplain
   * io.liblink.delivery.SubscribeOptions#nonBlocking non-blocking}. The messages of one publisher come
   * in their order.
   */
  void on(T value) throws Exception;
}
