package io.liblink.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a regular expression into a program for {@link LinearRegex}. Used once, by one thread. */
final class RegexCompiler {
  private static final int END = -1;
  private static final int MAX_DEPTH = 32;

  /** The syntax tree, needed because counted repetitions write out their operand several times. */
  private sealed interface Part {}

  private record One(RegexSet set) implements Part {}

  private record Edge(boolean start) implements Part {}

  private record All(List<Part> parts) implements Part {}

  private record Either(List<Part> parts) implements Part {}

  /** {@code most < 0}: without bound. */
  private record Repeat(Part part, int least, int most) implements Part {}

  private final int[] pattern;
  private final List<RegexInstruction> program = new ArrayList<>();
  private int at;
  private int depth;

  RegexCompiler(String pattern) {
    this.pattern = pattern.codePoints().toArray();
  }

  List<RegexInstruction> compile() {
    Part all = either();
    if (at < pattern.length) {
      throw wrong("')' without '('", at);
    }
    emit(all);
    add(new RegexInstruction.Accept());
    return program;
  }

  private Part either() {
    List<Part> parts = new ArrayList<>();
    parts.add(sequence());
    while (peek() == '|') {
      at++;
      parts.add(sequence());
    }
    return parts.size() == 1 ? parts.get(0) : new Either(parts);
  }

  private Part sequence() {
    List<Part> parts = new ArrayList<>();
    while (peek() != END && peek() != '|' && peek() != ')') {
      parts.add(repeated());
    }
    return new All(parts);
  }

  private Part repeated() {
    int start = at;
    Part part = atom();
    int sign = peek();
    if (!isRepetition(sign)) {
      return part;
    }
    if (part instanceof Edge) {
      throw wrong("a repeated ^ or $", start);
    }
    if (isNothing(part)) {
      throw wrong("a repetition of nothing", start);
    }
    int mark = at++;
    Repeat repeat = switch (sign) {
      case '*' -> new Repeat(part, 0, -1);
      case '+' -> new Repeat(part, 1, -1);
      case '?' -> new Repeat(part, 0, 1);
      default -> counted(part, mark);
    };
    if (peek() == '?') {
      at++; // lazy or greedy makes no difference to whether it matches
    }
    if (isRepetition(peek())) {
      throw wrong("a repetition of a repetition", at);
    }
    return repeat;
  }

  private Repeat counted(Part part, int mark) {
    int least = count(mark);
    int most = least;
    if (peek() == ',') {
      at++;
      most = peek() == '}' ? -1 : count(mark);
    }
    if (peek() != '}' || (most >= 0 && most < least)) {
      throw wrong("'{' that does not start {n}, {n,} or {n,m}; the character itself is \\{", mark);
    }
    if (most == 0) {
      throw wrong("a repetition of no times", mark);
    }
    at++;
    return new Repeat(part, least, most);
  }

  private int count(int mark) {
    int start = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = Math.min(value * 10 + peek() - '0', LinearRegex.MAX_PROGRAM + 1);
      at++;
    }
    if (at == start) {
      throw wrong("'{' that does not start {n}, {n,} or {n,m}; the character itself is \\{", mark);
    }
    if (value > LinearRegex.MAX_PROGRAM) {
      throw wrong("a repetition of more than " + LinearRegex.MAX_PROGRAM, mark);
    }
    return value;
  }

  private Part atom() {
    int start = at;
    int c = pattern[at++];
    return switch (c) {
      case '.' -> new One(RegexSet.ANY);
      case '^' -> new Edge(true);
      case '$' -> new Edge(false);
      case '(' -> group(start);
      case '[' -> new One(set(start));
      case '\\' -> new One(escape(start));
      case '*', '+', '?' -> throw wrong("a repetition of nothing", start);
      case '{', '}', ']' ->
        throw wrong("a bare '" + (char) c + "'; the character itself is \\" + (char) c, start);
      default -> new One(RegexSet.of(false, c, c));
    };
  }

  private Part group(int start) {
    if (peek() == '?') {
      if (at + 1 >= pattern.length || pattern[at + 1] != ':') {
        throw wrong("a group that starts with (? and is not (?:", start);
      }
      at += 2;
    }
    if (++depth > MAX_DEPTH) {
      throw wrong("groups nested deeper than " + MAX_DEPTH, start);
    }
    Part inner = either();
    depth--;
    if (peek() != ')') {
      throw wrong("'(' without ')'", start);
    }
    at++;
    return inner;
  }

  private RegexSet escape(int start) {
    if (peek() == END) {
      throw wrong("'\\' at the end", start);
    }
    int c = pattern[at++];
    RegexSet known = RegexSet.ofClass(c);
    if (known != null) {
      return known;
    }
    int literal = switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
    boolean letterOrDigit = c >= 0x80 || Character.isLetterOrDigit(c);
    if (literal == c && letterOrDigit) {
      throw wrong("'\\" + Character.toString(c) + "', which is not supported", start);
    }
    return RegexSet.of(false, literal, literal);
  }

  private RegexSet set(int start) {
    boolean negated = peek() == '^';
    if (negated) {
      at++;
    }
    List<int[]> ranges = new ArrayList<>();
    while (peek() != ']') {
      int mark = at;
      @Nullable RegexSet first = member(start);
      boolean range = peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']';
      if (!range) {
        ranges.addAll(first.positiveRanges());
        continue;
      }
      at++;
      RegexSet last = member(start);
      int low = single(first, mark);
      int high = single(last, mark);
      if (low > high) {
        throw wrong("a range that runs backwards", mark);
      }
      ranges.add(new int[] {low, high});
    }
    if (ranges.isEmpty()) {
      throw wrong("an empty set; the character itself is \\]", start);
    }
    at++;
    return new RegexSet(ranges, negated);
  }

  private RegexSet member(int start) {
    int mark = at;
    int c = peek();
    if (c == END) {
      throw wrong("'[' without ']'", start);
    }
    at++;
    if (c == '\\') {
      return escape(mark);
    }
    if (c == '[') {
      throw wrong("'[' in a set; the character itself is \\[", mark);
    }
    return RegexSet.of(false, c, c);
  }

  private int single(RegexSet set, int mark) {
    int[] only = set.ranges().get(0);
    if (set.negated() || set.ranges().size() > 1 || only[0] != only[1]) {
      throw wrong("a range from or to a class", mark);
    }
    return only[0];
  }

  private void emit(Part part) {
    if (part instanceof One one) {
      add(new RegexInstruction.One(one.set()));
    } else if (part instanceof Edge edge) {
      add(new RegexInstruction.Edge(edge.start()));
    } else if (part instanceof All all) {
      all.parts().forEach(this::emit);
    } else if (part instanceof Either either) {
      emitEither(either.parts());
    } else if (part instanceof Repeat repeat) {
      emitRepeat(repeat);
    }
  }

  private void emitEither(List<Part> parts) {
    List<Integer> exits = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      int split = last ? -1 : hole();
      emit(parts.get(i));
      if (!last) {
        exits.add(hole());
        program.set(split, new RegexInstruction.Split(split + 1, program.size()));
      }
    }
    exits.forEach(exit -> program.set(exit, new RegexInstruction.Jump(program.size())));
  }

  private void emitRepeat(Repeat repeat) {
    for (int i = 0; i < repeat.least(); i++) {
      emit(repeat.part());
    }
    if (repeat.most() < 0) {
      int split = hole();
      emit(repeat.part());
      add(new RegexInstruction.Jump(split));
      program.set(split, new RegexInstruction.Split(split + 1, program.size()));
      return;
    }
    List<Integer> exits = new ArrayList<>();
    for (int i = repeat.least(); i < repeat.most(); i++) {
      exits.add(hole());
      emit(repeat.part());
    }
    exits.forEach(exit -> program.set(exit, new RegexInstruction.Split(exit + 1, program.size())));
  }

  /** A place that is filled when it is known where to go. */
  private int hole() {
    add(new RegexInstruction.Jump(0));
    return program.size() - 1;
  }

  /** Checked at every step, so that nested counts stop early. */
  private void add(RegexInstruction instruction) {
    if (program.size() >= LinearRegex.MAX_PROGRAM) {
      throw wrong("more than " + LinearRegex.MAX_PROGRAM + " steps, repetitions written out", 0);
    }
    program.add(instruction);
  }

  /** Repeating these would take time without taking steps, which are what bounds the work. */
  private static boolean isNothing(Part part) {
    return part instanceof All all && all.parts().stream().allMatch(RegexCompiler::isNothing);
  }

  private static boolean isRepetition(int c) {
    return c == '*' || c == '+' || c == '?' || c == '{';
  }

  private int peek() {
    return at < pattern.length ? pattern[at] : END;
  }

  private static IllegalArgumentException wrong(String what, int at) {
    return new IllegalArgumentException(what + ", at its character " + (at + 1));
  }
}
