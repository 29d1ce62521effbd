package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.Feed;
import io.liblink.wire.MessageFrame;

/** Gives a handler the values of messages. */
record ReceiverOfValues<T>(
    Codecs codecs, Class<T> type, SubscribeOptions options, Subscriber<T> handler)
    implements Listening {
  @Override
  public void message(Feed from, MessageFrame message) throws Exception {
    handler.on(codecs.decode(ReceivedEvent.message(message), type));
  }
}
