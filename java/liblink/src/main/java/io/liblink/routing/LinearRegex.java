package io.liblink.routing;

import java.util.List;

/**
 * A regular expression that is matched in time linear in the input, whatever the expression: all
 * paths are followed at once (Thompson's simulation) and none is tried twice. The dialect is the part
 * of RE2 that every language can do with the same meaning; {@code spec/selectors.md} lists it.
 * Immutable and thread-safe.
 */
final class LinearRegex {
  /** The most instructions, counted repetitions written out. */
  static final int MAX_PROGRAM = 1000;

  /** The longest value that is looked at, in code points; a longer one never matches. */
  static final int MAX_INPUT = 4096;

  private final RegexInstruction[] program;

  private LinearRegex(List<RegexInstruction> program) {
    this.program = program.toArray(new RegexInstruction[0]);
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException saying what is wrong with it and where
   */
  static LinearRegex parse(String pattern) {
    return new LinearRegex(new RegexCompiler(pattern).compile());
  }

  /** Whether it matches anywhere in the text; {@code ^} and {@code $} bind it to the ends. */
  boolean matches(String text) {
    if (text.length() > 2 * MAX_INPUT) {
      return false;
    }
    int[] input = text.codePoints().toArray();
    return input.length <= MAX_INPUT && run(input);
  }

  private boolean run(int[] input) {
    Threads now = new Threads(program, input.length);
    Threads next = new Threads(program, input.length);
    for (int at = 0; ; at++) {
      now.add(0, at); // unanchored: a match may start anywhere
      if (now.matched) {
        return true;
      }
      if (at == input.length) {
        return false;
      }
      next.clear();
      for (int i = 0; i < now.count; i++) {
        int pc = now.list[i];
        if (program[pc] instanceof RegexInstruction.One one && one.set().contains(input[at])) {
          next.add(pc + 1, at + 1);
        }
      }
      Threads swap = now;
      now = next;
      next = swap;
    }
  }

  /** The set of instructions that are waiting for a character, each at most once. */
  private static final class Threads {
    private final RegexInstruction[] program;
    private final int inputLength;
    private final boolean[] seen;
    private final int[] stack;
    final int[] list;
    int count;
    boolean matched;

    Threads(RegexInstruction[] program, int inputLength) {
      this.program = program;
      this.inputLength = inputLength;
      this.seen = new boolean[program.length];
      this.list = new int[program.length];
      this.stack = new int[2 * program.length + 1];
    }

    void clear() {
      count = 0;
      matched = false;
      java.util.Arrays.fill(seen, false);
    }

    /** Follows everything that needs no character. */
    void add(int start, int at) {
      int top = 0;
      stack[top++] = start;
      while (top > 0) {
        int pc = stack[--top];
        if (seen[pc]) {
          continue;
        }
        seen[pc] = true;
        RegexInstruction instruction = program[pc];
        if (instruction instanceof RegexInstruction.One) {
          list[count++] = pc;
        } else if (instruction instanceof RegexInstruction.Split split) {
          stack[top++] = split.second();
          stack[top++] = split.first();
        } else if (instruction instanceof RegexInstruction.Jump jump) {
          stack[top++] = jump.to();
        } else if (instruction instanceof RegexInstruction.Edge edge) {
          if (at == (edge.start() ? 0 : inputLength)) {
            stack[top++] = pc + 1;
          }
        } else {
          matched = true;
        }
      }
    }
  }
}
