package io.liblink.pubsub;

import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.routing.Selector;
import io.liblink.wire.Content;
import io.liblink.wire.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber asks for, as the headers of its OPEN say it (protocol §6.7).
 *
 * @param from where to start
 * @param queue how many messages may wait; {@link Integer#MAX_VALUE} for as many as are kept
 * @param whenFull what happens when more wait
 * @param selector null for all messages
 */
record SubscribeRequest(
    Start from, int queue, WhenFull whenFull, @Nullable Selector selector) {
  static final String FROM = "liblink-from";
  static final String QUEUE = "liblink-queue";
  static final String FULL = "liblink-full";
  static final String FILTER = "liblink-filter";

  private static final byte[] NOTHING = new byte[0];

  /** Reads the headers; throws IllegalArgumentException for what can't be understood, in words. */
  static SubscribeRequest read(Map<String, String> headers) {
    String from = headers.get(FROM);
    String full = headers.get(FULL);
    String filter = headers.get(FILTER);
    return new SubscribeRequest(
        from == null ? Start.latest() : named(FROM, () -> Start.of(from)),
        queue(headers.get(QUEUE)),
        full == null ? WhenFull.DROP_OLDEST : named(FULL, () -> WhenFull.of(full)),
        filter == null ? null : named(FILTER, () -> Selector.parse(filter)));
  }

  /** What options ask for; throws IllegalArgumentException for a filter that is none. */
  static SubscribeRequest of(SubscribeOptions options) {
    return new SubscribeRequest(
        options.from(),
        options.queue() == 0 ? Integer.MAX_VALUE : options.queue(),
        options.whenFull(),
        options.filter().isEmpty() ? null : Selector.parse(options.filter()));
  }

  private static <V> V named(String header, java.util.function.Supplier<V> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(header + ": " + e.getMessage(), e);
    }
  }

  private static int queue(@Nullable String text) {
    if (text == null) {
      return Integer.MAX_VALUE;
    }
    if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          QUEUE + ": '" + text + "' is no number from 1 to " + Integer.MAX_VALUE);
    }
    return Integer.parseInt(text);
  }

  /** The same with another start. */
  SubscribeRequest from(Start start) {
    return new SubscribeRequest(start, queue, whenFull, selector);
  }

  /** As it travels; defaults are left out. */
  Content content() {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!from.equals(Start.latest())) {
      headers.put(FROM, from.toString());
    }
    if (queue != Integer.MAX_VALUE) {
      headers.put(QUEUE, Integer.toString(queue));
    }
    if (whenFull != WhenFull.DROP_OLDEST) {
      headers.put(FULL, whenFull.text());
    }
    if (selector != null) {
      headers.put(FILTER, selector.source());
    }
    return new Content(headers, Text.EMPTY, NOTHING);
  }

  /** Whether messages and gaps cover every sequence, so that a hole can be noticed. */
  boolean isComplete() {
    return selector == null && whenFull != WhenFull.LATEST_PER_KEY;
  }
}
