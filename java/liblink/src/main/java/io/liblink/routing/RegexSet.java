package io.liblink.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of code points.
 *
 * @param ranges pairs of first and last, in any order
 * @param negated whether it is all the others
 */
record RegexSet(List<int[]> ranges, boolean negated) {
  static final RegexSet ANY = of(true, '\n', '\n');
  private static final RegexSet DIGIT = of(false, '0', '9');
  private static final RegexSet SPACE = of(false, '\t', '\n', '\f', '\r', ' ', ' ');
  private static final RegexSet WORD = of(false, 'a', 'z', 'A', 'Z', '0', '9', '_', '_');

  static RegexSet of(boolean negated, int... pairs) {
    List<int[]> ranges = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      ranges.add(new int[] {pairs[i], pairs[i + 1]});
    }
    return new RegexSet(ranges, negated);
  }

  boolean contains(int c) {
    for (int[] range : ranges) {
      if (c >= range[0] && c <= range[1]) {
        return !negated;
      }
    }
    return negated;
  }

  /** What {@code \d} and the like stand for; null when that letter is no class. */
  static @org.jspecify.annotations.Nullable RegexSet ofClass(int letter) {
    return switch (letter) {
      case 'd' -> DIGIT;
      case 's' -> SPACE;
      case 'w' -> WORD;
      case 'D' -> new RegexSet(DIGIT.ranges, true);
      case 'S' -> new RegexSet(SPACE.ranges, true);
      case 'W' -> new RegexSet(WORD.ranges, true);
      default -> null;
    };
  }

  /** The same set without negation, so that sets can be joined. */
  List<int[]> positiveRanges() {
    if (!negated) {
      return ranges;
    }
    List<int[]> sorted = new ArrayList<>(ranges);
    sorted.sort((a, b) -> Integer.compare(a[0], b[0]));
    List<int[]> gaps = new ArrayList<>();
    int from = 0;
    for (int[] range : sorted) {
      if (range[0] > from) {
        gaps.add(new int[] {from, range[0] - 1});
      }
      from = Math.max(from, range[1] + 1);
    }
    if (from <= Character.MAX_CODE_POINT) {
      gaps.add(new int[] {from, Character.MAX_CODE_POINT});
    }
    return gaps;
  }
}
