package io.liblink.pubsub;

import io.liblink.delivery.Start;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.routing.Selector;
import io.liblink.wire.Content;
import io.liblink.wire.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tail to publish to, and cursors into it. */
final class Publishing {
  final Tail tail;
  long now;

  Publishing(TopicOptions options) {
    tail = new Tail(options, null);
  }

  static Publishing keeping(int messages) {
    return new Publishing(TopicOptions.defaults().keep(messages, Long.MAX_VALUE));
  }

  long publish() {
    return publish(null, Map.of(), 0);
  }

  long publish(@Nullable String key) {
    return publish(key, Map.of(), 0);
  }

  long publish(@Nullable String key, Map<String, String> headers, int bytes) {
    Content content = new Content(headers, Text.EMPTY, new byte[bytes]);
    return tail.append(new TailEntry(key, null, content), now);
  }

  void publish(int many) {
    for (int i = 0; i < many; i++) {
      publish();
    }
  }

  Cursor cursor(WhenFull whenFull, int queue) {
    return cursor(Start.latest(), whenFull, queue, "");
  }

  Cursor cursor(Start from, WhenFull whenFull, int queue, String filter) {
    SubscribeRequest request = new SubscribeRequest(
        from, queue, whenFull, filter.isEmpty() ? null : Selector.parse(filter));
    long start = tail.startOf(from, now);
    return Cursor.of(tail, request, start, tail.keepsLastValues() && !from.isSequence());
  }
}
