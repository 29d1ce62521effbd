package io.liblink.proof.books;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a proof counted, in order, and which of its promises are broken. Not thread-safe. */
public final class Findings {
  private final Map<String, String> counted = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();

  /** A number that was counted. */
  public void count(String what, long number) {
    counted.put(what, String.format(Locale.ROOT, "%,d", number));
  }

  /** Something else that was seen. */
  public void note(String what, String seen) {
    counted.put(what, seen);
  }

  /** A promise, and whether it was kept. */
  public void must(boolean kept, String promise) {
    if (!kept) {
      broken.add(promise);
    }
  }

  /** The promises that were not kept. */
  public List<String> broken() {
    return List.copyOf(broken);
  }

  /** A table of what was counted, with what is broken below. */
  @Override
  public String toString() {
    int width = counted.keySet().stream().mapToInt(String::length).max().orElse(0);
    int right = counted.values().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    counted.forEach((what, seen) -> text.append(what)
        .append(" ".repeat(width - what.length() + 2 + right - seen.length()))
        .append(seen)
        .append('\n'));
    broken.forEach(b -> text.append("BROKEN: ").append(b).append('\n'));
    return text.toString();
  }
}
