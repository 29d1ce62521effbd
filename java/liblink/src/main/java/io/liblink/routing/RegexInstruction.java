package io.liblink.routing;

/** One step of a compiled regular expression; the next one follows unless said otherwise. */
sealed interface RegexInstruction {
  /** Takes one character of the set. */
  record One(RegexSet set) implements RegexInstruction {}

  /** Goes on at both. */
  record Split(int first, int second) implements RegexInstruction {}

  /** Goes on there. */
  record Jump(int to) implements RegexInstruction {}

  /** Goes on only at the start, or the end, of the text. */
  record Edge(boolean start) implements RegexInstruction {}

  /** The end: it matches. */
  record Accept() implements RegexInstruction {}
}
