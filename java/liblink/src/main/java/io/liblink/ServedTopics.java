package io.liblink;

import io.liblink.delivery.TopicOptions;
import io.liblink.pubsub.PublishedTopic;
import io.liblink.pubsub.Topics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The topics of the services of a node. Thread-safe. */
final class ServedTopics {
  private final NodeCore core;
  private final Topics topics;

  /** By {@code service/topic}; replaced as a whole, under the lock. */
  private volatile Map<String, ServedTopic> handles = Map.of();

  ServedTopics(NodeCore core) {
    this.core = core;
    this.topics = core.topics();
  }

  synchronized void serve(Service service) {
    List<DeclaredTopic> declared = service.declared(DeclaredTopic.class);
    if (declared.isEmpty()) {
      return;
    }
    Map<String, TopicOptions> options = new LinkedHashMap<>();
    declared.forEach(d -> options.put(d.name(), d.options()));
    topics.serve(service.name(), options);
    Map<String, ServedTopic> all = new HashMap<>(handles);
    for (DeclaredTopic d : declared) {
      String target = service.name() + "/" + d.name();
      PublishedTopic topic = topics.get(target);
      if (topic != null) {
        all.put(target, new ServedTopic(core, topic, d.type()));
      }
    }
    handles = all;
  }

  Topic get(String target) {
    Topic topic = handles.get(target);
    if (topic == null) {
      throw new IllegalArgumentException("this node serves no topic '" + target
          + "': declare it with Service.topic, serve the" + " service, and name it service/topic");
    }
    return topic;
  }

  // ---- ends ---------------------------------------------------------------------------------

  /** Nothing is published in that service any more; what was goes out. */
  void drain(String service) {
    topics.of(service).forEach(PublishedTopic::drain);
  }

  /** The same for all services. */
  void drain() {
    topics.all().forEach(PublishedTopic::drain);
  }

  /** Whether the topics of a service have no subscribers any more. */
  boolean isLeft(String service) {
    return topics.of(service).stream().allMatch(PublishedTopic::isLeft);
  }

  synchronized void remove(String service) {
    topics.remove(service);
    Map<String, ServedTopic> left = new HashMap<>(handles);
    left.keySet().removeIf(target -> target.startsWith(service + "/"));
    handles = left;
  }
}
