package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.Feed;
import io.liblink.wire.MessageFrame;

/** Gives somebody the events. */
record ReceiverOfEvents<T>(Codecs codecs, Class<T> type, SubscribeOptions options, Taker<T> taker)
    implements Listening {
  /** Who gets them. */
  interface Taker<T> {
    /** Takes one. */
    void take(Event<T> event) throws Exception;
  }

  @Override
  public void message(Feed from, MessageFrame message) throws Exception {
    taker.take(ReceivedEvent.of(codecs, type, from, message));
  }
}
