package io.liblink.pubsub;

import io.liblink.wire.MessageFrame;
import java.util.ArrayList;
import java.util.List;

/** Messages and gaps of one stream that were read together. Filled by its event loop, then handed over. */
final class Arrivals {
  final FeedStream stream;
  private final List<MessageFrame> frames = new ArrayList<>();

  /** The next one to be handled; the consumer's. */
  private int next;

  Arrivals(FeedStream stream) {
    this.stream = stream;
  }

  void add(MessageFrame frame) {
    frames.add(frame);
  }

  int size() {
    return frames.size();
  }

  boolean hasNext() {
    return next < frames.size();
  }

  MessageFrame peek() {
    return frames.get(next);
  }

  MessageFrame next() {
    MessageFrame frame = frames.get(next);
    frames.set(next++, GONE);
    return frame;
  }

  /** Where one was that is handled: a slow handler keeps nothing that it has handled. */
  private static final MessageFrame GONE = new MessageFrame(0, null, io.liblink.wire.Content.EMPTY);
}
