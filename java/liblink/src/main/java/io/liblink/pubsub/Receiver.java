package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.wire.MessageFrame;

/** Who takes what a subscription receives, one thing after the other. */
public interface Receiver {
  /** A message. What it throws is logged and counted, and the next one comes. */
  void message(Feed from, MessageFrame message) throws Exception;

  /** Messages that will not come. */
  void gap(Gap gap) throws Exception;

  /** How things stand with a publisher. */
  void publisher(PublisherState state) throws Exception;

  /** Everything that has come was given. */
  default void rest() throws Exception {}
}
