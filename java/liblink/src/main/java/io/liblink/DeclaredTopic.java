package io.liblink;

import io.liblink.delivery.TopicOptions;
import io.liblink.registry.Endpoint;

/**
 * A topic of a {@link Service}.
 *
 * @param name of the topic
 * @param type what is published
 * @param options what is kept
 */
record DeclaredTopic(String name, Class<?> type, TopicOptions options) implements Declared {
  @Override
  public Endpoint endpoint() {
    return new Endpoint(name, Endpoint.Kind.TOPIC, false);
  }
}
