package io.liblink.proof.process;

import java.util.Map;
import java.util.TreeMap;

/** Named values that fit on a line: {@code key=value}, separated by spaces, no spaces within. Immutable. */
public record Facts(Map<String, String> values) {
  /** Nothing. */
  public static final Facts NONE = new Facts(Map.of());

  /** Checks that they can be written. */
  public Facts {
    values.forEach((k, v) -> {
      if (!k.matches("[^\\s=]+") || !v.matches("\\S*")) {
        throw new IllegalArgumentException("not a fact that fits on a line: " + k + "=" + v);
      }
    });
    values = Map.copyOf(values);
  }

  /** Names and values by turns. */
  public static Facts of(Object... namesAndValues) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], String.valueOf(namesAndValues[i + 1]));
    }
    return new Facts(values);
  }

  /** Reads what {@link #toString} wrote. */
  public static Facts parse(String line) {
    Map<String, String> values = new TreeMap<>();
    for (String fact : line.trim().split(" +", -1)) {
      int at = fact.indexOf('=');
      if (at > 0) {
        values.put(fact.substring(0, at), fact.substring(at + 1));
      }
    }
    return new Facts(values);
  }

  /** These and those; those count where both say something. */
  public Facts and(Facts those) {
    Map<String, String> both = new TreeMap<>(values);
    both.putAll(those.values);
    return new Facts(both);
  }

  /** The value of that name, which must be there. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("nothing is said of '" + name + "' in: " + this);
    }
    return value;
  }

  /** It as a number. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    new TreeMap<>(values)
        .forEach((k, v) ->
            line.append(line.isEmpty() ? "" : " ").append(k).append('=').append(v));
    return line.toString();
  }
}
