package io.liblink;

import io.liblink.message.Message;
import io.liblink.message.NodeId;
import org.jspecify.annotations.Nullable;

/** A message of a topic, as a subscriber gets it. Immutable. */
public interface Event<T> {
  /** What was published. */
  T value();

  /** The same in terms of messages; without headers of the protocol. */
  Message message();

  /** {@code service/topic}: which one, when a pattern was subscribed to. */
  String topic();

  /** The run of the node that published it. */
  NodeId publisher();

  /** The name of that node. */
  String node();

  /** Its number among the messages of this topic and this publisher, from 1. */
  long sequence();

  /** What it was published under; null for none. */
  @Nullable
  String key();

  /** Whether it was published before the start of the subscription: the last value of its key. */
  boolean lastValue();
}
