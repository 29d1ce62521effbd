package io.liblink.pubsub;

import io.liblink.delivery.Gap;
import io.liblink.telemetry.Counters;
import java.util.concurrent.atomic.LongAdder;

/** What the topics of a node count. Thread-safe. */
final class TopicCounters {
  final LongAdder published;
  final LongAdder subscribed;
  final LongAdder sent;
  final LongAdder filtered;
  final LongAdder superseded;
  final LongAdder disconnected;
  private final LongAdder[] missed = new LongAdder[Gap.Reason.values().length];

  TopicCounters(Counters counters) {
    published = counters.named("topics.published");
    subscribed = counters.named("topics.subscribed");
    sent = counters.named("topics.sent");
    filtered = counters.named("topics.filtered");
    superseded = counters.named("topics.superseded");
    disconnected = counters.named("topics.disconnected");
    for (Gap.Reason reason : Gap.Reason.values()) {
      missed[reason.ordinal()] = counters.named("topics.missed." + reason.text());
    }
  }

  void missed(Gap.Reason reason, long count) {
    missed[reason.ordinal()].add(count);
  }
}
