package io.liblink.routing;

import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of a selector. Immutable; depth is bounded by the parser, so recursion is. */
sealed interface Clause {
  /** What is looked at; without an instance the attributes are missing. */
  record Subject(Map<String, String> metadata, @Nullable Instance instance) {}

  boolean test(Subject subject);

  /** Appends why {@link #test} is false; only called when it is. */
  void explain(Subject subject, StringBuilder reason);

  /** As {@link Filter#written} has it. */
  @Nullable
  String written(Filter.Keys keys);

  /** Adds the keys that are looked at. */
  void keys(List<SelectorKey> keys);

  /** All of them. */
  record And(List<Clause> parts) implements Clause {
    @Override
    public boolean test(Subject subject) {
      for (Clause part : parts) {
        if (!part.test(subject)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void explain(Subject subject, StringBuilder reason) {
      for (Clause part : parts) {
        if (!part.test(subject)) {
          part.explain(subject, reason);
          return; // the first is enough for a reader
        }
      }
    }

    @Override
    public @Nullable String written(Filter.Keys keys) {
      return joined(parts, " and ", keys);
    }

    @Override
    public void keys(List<SelectorKey> keys) {
      parts.forEach(part -> part.keys(keys));
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(p -> p instanceof Or ? "(" + p + ")" : p.toString())
          .collect(Collectors.joining(" and "));
    }
  }

  /** One of them. */
  record Or(List<Clause> parts) implements Clause {
    @Override
    public boolean test(Subject subject) {
      for (Clause part : parts) {
        if (part.test(subject)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void explain(Subject subject, StringBuilder reason) {
      for (int i = 0; i < parts.size(); i++) {
        reason.append(i == 0 ? "" : " and ");
        parts.get(i).explain(subject, reason);
      }
    }

    @Override
    public @Nullable String written(Filter.Keys keys) {
      return joined(parts, " or ", keys);
    }

    @Override
    public void keys(List<SelectorKey> keys) {
      parts.forEach(part -> part.keys(keys));
    }

    @Override
    public String toString() {
      return parts.stream().map(Clause::toString).collect(Collectors.joining(" or "));
    }
  }

  /** Not that one. */
  record Not(Clause part) implements Clause {
    @Override
    public boolean test(Subject subject) {
      return !part.test(subject);
    }

    @Override
    public void explain(Subject subject, StringBuilder reason) {
      reason.append(this).append(met(this, subject));
    }

    @Override
    public @Nullable String written(Filter.Keys keys) {
      String inner = part.written(keys);
      return inner == null ? null : "not (" + inner + ")";
    }

    @Override
    public void keys(List<SelectorKey> keys) {
      part.keys(keys);
    }

    @Override
    public String toString() {
      return part instanceof Match ? "not " + part : "not (" + part + ")";
    }
  }

  /** How a match compares. */
  enum Operator {
    EQUALS("=="),
    CONTAINS("contains"),
    MATCHES("matches"),
    EMPTY("is empty");

    final String text;

    Operator(String text) {
      this.text = text;
    }
  }

  /**
   * One comparison. A missing key equals, contains and matches nothing, and is empty; the negated
   * forms are the opposite.
   *
   * @param value empty for {@link Operator#EMPTY}
   * @param regex only for {@link Operator#MATCHES}
   */
  record Match(
      SelectorKey key,
      Operator operator,
      boolean negated,
      String value,
      @Nullable LinearRegex regex)
      implements Clause {
    @Override
    public boolean test(Subject subject) {
      return negated != holds(subject);
    }

    private boolean holds(Subject subject) {
      if (key.kind() == SelectorKey.Kind.ALL) {
        return operator == Operator.EMPTY
            ? subject.metadata().isEmpty()
            : subject.metadata().containsKey(value);
      }
      String actual = key.of(subject);
      if (actual == null) {
        return operator == Operator.EMPTY;
      }
      return switch (operator) {
        case EQUALS -> actual.equals(value);
        case CONTAINS -> actual.contains(value);
        case MATCHES -> regex != null && regex.matches(actual);
        case EMPTY -> actual.isEmpty();
      };
    }

    @Override
    public void explain(Subject subject, StringBuilder reason) {
      reason.append(this).append(met(this, subject));
    }

    @Override
    public @Nullable String written(Filter.Keys keys) {
      String name = switch (key.kind()) {
        case META -> keys.metadata(key.name());
        // What is empty by nature may be missing there.
        case ATTRIBUTE -> value.isEmpty() ? null : keys.attribute(key.name());
        case ALL -> null;
      };
      String text = SelectorText.raw(value);
      if (name == null || text == null) {
        return null;
      }
      return switch (operator) {
        case EQUALS -> name + (negated ? " != " : " == ") + text;
        case CONTAINS -> name + (negated ? " not contains " : " contains ") + text;
        case MATCHES, EMPTY -> null; // not the same everywhere
      };
    }

    @Override
    public void keys(List<SelectorKey> keys) {
      keys.add(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Match that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }

    @Override
    public String toString() {
      return switch (operator) {
        case EQUALS -> key + (negated ? " != " : " == ") + SelectorText.quoted(value);
        case EMPTY -> key + (negated ? " is not empty" : " is empty");
        default ->
          key + (negated ? " not " : " ") + operator.text + " " + SelectorText.quoted(value);
      };
    }
  }

  /** Each in parentheses; null when one can't be written. */
  private static @Nullable String joined(List<Clause> parts, String word, Filter.Keys keys) {
    List<String> all = new ArrayList<>();
    for (Clause part : parts) {
      String text = part.written(keys);
      if (text == null) {
        return null;
      }
      all.add("(" + text + ")");
    }
    return String.join(word, all);
  }

  /** {@code (zone is "us", tier is not set)}, with a leading blank. */
  private static String met(Clause clause, Subject subject) {
    List<SelectorKey> keys = new ArrayList<>();
    clause.keys(keys);
    return keys.stream()
        .distinct()
        .map(key -> {
          if (key.kind() == SelectorKey.Kind.ALL) {
            return "its keys are " + new TreeSet<>(subject.metadata().keySet());
          }
          String actual = key.of(subject);
          return key + " is " + (actual == null ? "not set" : SelectorText.quoted(actual));
        })
        .collect(Collectors.joining(", ", " (", ")"));
  }
}
