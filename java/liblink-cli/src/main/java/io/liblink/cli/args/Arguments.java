package io.liblink.cli.args;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed command line. Options are asked for by their long name. Not thread-safe. */
public final class Arguments {
  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final List<String> positional = new ArrayList<>();

  void put(Option option, String value) {
    List<String> values = options.computeIfAbsent(option.name(), n -> new ArrayList<>());
    if (!option.repeatable() && !values.isEmpty() && !option.isFlag()) {
      throw new UsageException(
          option.name() + " is given twice, as '" + values.get(0) + "' and '" + value + "'");
    }
    values.add(value);
  }

  void add(String parameter) {
    positional.add(parameter);
  }

  /** Whether the option is there. */
  public boolean has(String name) {
    return options.containsKey(name);
  }

  /** The option's value, or null when it is not there. */
  public @Nullable String value(String name) {
    List<String> values = options.get(name);
    return values == null ? null : values.get(0);
  }

  /** The option's value, or another when it is not there. */
  public String value(String name, String otherwise) {
    String value = value(name);
    return value == null ? otherwise : value;
  }

  /** Every value of an option that may be repeated, in order. */
  public List<String> values(String name) {
    return Collections.unmodifiableList(options.getOrDefault(name, List.of()));
  }

  /** The option as a duration. */
  public Duration duration(String name, Duration otherwise) {
    String value = value(name);
    return value == null ? otherwise : Durations.parse(name, value);
  }

  /** The option as a whole number within bounds, both included. */
  public int number(String name, int otherwise, int least, int most) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int n = Integer.parseInt(value);
      if (n >= least && n <= most) {
        return n;
      }
    } catch (NumberFormatException e) {
      // said below, together with the bounds
    }
    throw new UsageException(
        name + " takes a whole number from " + least + " to " + most + ", not '" + value + "'");
  }

  /** The option as a number of bytes. */
  public int size(String name, int otherwise) {
    String value = value(name);
    return value == null ? otherwise : Sizes.parse(name, value);
  }

  /** The option's values as {@code key=value} pairs, in order; a later one replaces an earlier. */
  public Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String value : values(name)) {
      int equals = value.indexOf('=');
      if (equals <= 0) {
        throw new UsageException(
            name + " takes KEY=VALUE, not '" + value + "'", "for example " + name + " zone=eu");
      }
      pairs.put(value.substring(0, equals), value.substring(equals + 1));
    }
    return pairs;
  }

  /** How many positional parameters there are. */
  public int count() {
    return positional.size();
  }

  /** The positional parameter at that index; the parser made sure of the required ones. */
  public String get(int index) {
    return positional.get(index);
  }

  /** The positional parameter at that index, or null when there are fewer. */
  public @Nullable String find(int index) {
    return index < positional.size() ? positional.get(index) : null;
  }
}
