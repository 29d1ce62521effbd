package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.pubsub.Feed;
import io.liblink.wire.MessageFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Gives a handler what came together. */
final class ReceiverOfBatches<T> implements Listening {
  private static final int MOST = 1024;

  private final Codecs codecs;
  private final Class<T> type;
  private final SubscribeOptions options;
  private final BatchSubscriber<T> handler;

  /** The consumer's. */
  private List<Event<T>> batch = new ArrayList<>();

  ReceiverOfBatches(
      Codecs codecs, Class<T> type, SubscribeOptions options, BatchSubscriber<T> handler) {
    this.codecs = codecs;
    this.type = type;
    this.options = options;
    this.handler = handler;
  }

  @Override
  public SubscribeOptions options() {
    return options;
  }

  @Override
  public void message(Feed from, MessageFrame message) throws Exception {
    Event<T> event = ReceivedEvent.of(codecs, type, from, message);
    if (options.isNonBlocking()) {
      handler.on(List.of(event)); // on several event loops, possibly
      return;
    }
    batch.add(event);
    if (batch.size() >= MOST) {
      rest();
    }
  }

  @Override
  public void gap(Gap gap) throws Exception {
    try {
      rest();
    } finally {
      Listening.super.gap(gap);
    }
  }

  @Override
  public void publisher(PublisherState state) throws Exception {
    try {
      rest();
    } finally {
      Listening.super.publisher(state);
    }
  }

  @Override
  public void rest() throws Exception {
    if (!batch.isEmpty()) {
      List<Event<T>> full = batch;
      batch = new ArrayList<>();
      handler.on(Collections.unmodifiableList(full));
    }
  }
}
