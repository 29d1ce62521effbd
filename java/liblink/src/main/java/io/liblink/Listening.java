package io.liblink;

import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.Receiver;

/** A receiver that tells gaps and publishers to the listeners of the options. */
interface Listening extends Receiver {
  /** The options. */
  SubscribeOptions options();

  @Override
  default void gap(Gap gap) throws Exception {
    options().onGap().accept(gap);
  }

  @Override
  default void publisher(PublisherState state) throws Exception {
    options().onPublisher().accept(state);
  }
}
