package io.liblink;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a handle adds to each of its calls. Immutable.
 *
 * @param timeout null: that of the node
 * @param headers keys in lower case
 * @param idempotent whether calls may be repeated when the handler may have run
 * @param key whose instance is asked; null: the one that fits best
 */
record CallSettings(
    @Nullable Duration timeout,
    Map<String, String> headers,
    boolean idempotent,
    @Nullable String key) {
  static final CallSettings NONE = new CallSettings(null, Map.of(), false, null);

  CallSettings withTimeout(Duration other) {
    if (other.isNegative() || other.isZero()) {
      throw new IllegalArgumentException("a timeout must be positive, not " + other);
    }
    return new CallSettings(other, headers, idempotent, key);
  }

  CallSettings withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name.toLowerCase(Locale.ROOT), value);
    return new CallSettings(timeout, Map.copyOf(more), idempotent, key);
  }

  CallSettings withIdempotent() {
    return new CallSettings(timeout, headers, true, key);
  }

  CallSettings withKey(String other) {
    return new CallSettings(timeout, headers, idempotent, other);
  }
}
