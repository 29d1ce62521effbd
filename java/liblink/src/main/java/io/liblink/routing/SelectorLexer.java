package io.liblink.routing;

import org.jspecify.annotations.Nullable;

/** Cuts a selector into tokens, two ahead. Used once, by one thread. */
final class SelectorLexer {
  enum Kind {
    WORD,
    STRING,
    NUMBER,
    SIGN,
    OPEN,
    CLOSE,
    OPEN_INDEX,
    CLOSE_INDEX,
    END
  }

  /**
   * @param text what it means: a string without its quotes
   * @param at the offset of its first character
   */
  record Token(Kind kind, String text, int at) {
    /** That keyword or sign. */
    boolean is(String word) {
      return (kind == Kind.WORD || kind == Kind.SIGN) && text.equals(word);
    }

    String described() {
      return switch (kind) {
        case END -> "the end";
        case STRING -> "the text " + SelectorText.quoted(text);
        case NUMBER -> "the number " + text;
        default -> "'" + text + "'";
      };
    }
  }

  private final String source;
  private int at;
  private @Nullable Token first;
  private @Nullable Token second;

  SelectorLexer(String source) {
    this.source = source;
  }

  Token peek() {
    if (first == null) {
      first = scan();
    }
    return first;
  }

  Token peekSecond() {
    peek();
    if (second == null) {
      second = scan();
    }
    return second;
  }

  Token next() {
    Token token = peek();
    first = second;
    second = null;
    return token;
  }

  /** Takes that word if it is next. */
  boolean skip(String word) {
    if (peek().is(word)) {
      next();
      return true;
    }
    return false;
  }

  private Token scan() {
    while (at < source.length() && isBlank(source.charAt(at))) {
      at++;
    }
    int start = at;
    if (start == source.length()) {
      return new Token(Kind.END, "", start);
    }
    char c = source.charAt(start);
    if (isLetter(c)) {
      return word(start);
    }
    if (isDigit(c) || c == '-') {
      return number(start);
    }
    return switch (c) {
      case '"', '\'' -> escaped(start, c);
      case '`' -> raw(start);
      case '(' -> sign(Kind.OPEN, start, 1);
      case ')' -> sign(Kind.CLOSE, start, 1);
      case '[' -> sign(Kind.OPEN_INDEX, start, 1);
      case ']' -> sign(Kind.CLOSE_INDEX, start, 1);
      case '=', '!', '&', '|' -> {
        boolean two =
            start + 1 < source.length() && source.charAt(start + 1) == (c == '!' ? '=' : c);
        yield sign(Kind.SIGN, start, two ? 2 : 1);
      }
      default -> sign(Kind.SIGN, start, Character.charCount(source.codePointAt(start)));
    };
  }

  private Token sign(Kind kind, int start, int length) {
    at = start + length;
    return new Token(kind, source.substring(start, at), start);
  }

  private Token word(int start) {
    int i = start + 1;
    while (i < source.length() && isWordPart(source, i)) {
      i++;
    }
    return sign(Kind.WORD, start, i - start);
  }

  /** A dot is part of a word only between other parts. */
  private static boolean isWordPart(String s, int i) {
    char c = s.charAt(i);
    if (c == '.') {
      return i + 1 < s.length() && s.charAt(i + 1) != '.' && isWordPart(s, i + 1);
    }
    return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '/';
  }

  private Token number(int start) {
    int i = start + (source.charAt(start) == '-' ? 1 : 0);
    int digits = digits(i);
    boolean good = digits > 0 && (digits == 1 || source.charAt(i) != '0');
    i += digits;
    if (good && i < source.length() && source.charAt(i) == '.') {
      int fraction = digits(i + 1);
      good = fraction > 0;
      i += 1 + fraction;
    }
    boolean ends = i >= source.length() || isBlank(source.charAt(i)) || source.charAt(i) == ')';
    if (!good || !ends) {
      throw new SelectorException(
          source, start, "expected a number like 5, -5 or 1.25; write anything else in quotes");
    }
    return sign(Kind.NUMBER, start, i - start);
  }

  private int digits(int from) {
    int i = from;
    while (i < source.length() && isDigit(source.charAt(i))) {
      i++;
    }
    return i - from;
  }

  private Token raw(int start) {
    int end = source.indexOf('`', start + 1);
    if (end < 0) {
      throw new SelectorException(source, start, "expected a closing ` for this one");
    }
    at = end + 1;
    return new Token(Kind.STRING, source.substring(start + 1, end), start);
  }

  private Token escaped(int start, char quote) {
    StringBuilder text = new StringBuilder();
    int i = start + 1;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == quote) {
        at = i + 1;
        return new Token(Kind.STRING, text.toString(), start);
      }
      if (c == '\n' || c == '\r') {
        throw new SelectorException(source, i, "expected no line break in quotes; write \\n");
      }
      if (c != '\\') {
        text.append(c);
        i++;
        continue;
      }
      i = escape(i, text);
    }
    throw new SelectorException(source, start, "expected a closing " + quote + " for this one");
  }

  /** Appends what the escape at {@code i} means and returns the offset behind it. */
  private int escape(int i, StringBuilder text) {
    char c = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
    switch (c) {
      case '\\', '"', '\'' -> text.append(c);
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'x', 'u' -> {
        int length = c == 'x' ? 2 : 4;
        int end = i + 2 + length;
        int value = 0;
        for (int k = i + 2; k < end; k++) {
          int digit = k < source.length() ? hex(source.charAt(k)) : -1;
          value = digit < 0 || value < 0 ? -1 : value * 16 + digit;
        }
        if (value < 0 || (c == 'x' && value > 0x7f) || (value >= 0xd800 && value < 0xe000)) {
          throw new SelectorException(
              source, i, "expected \\x00 to \\x7f or four hex digits of a character after \\u");
        }
        text.append((char) value);
        return end;
      }
      default ->
        throw new SelectorException(
            source,
            i,
            "expected \\\\, \\\", \\', \\n, \\r, \\t, \\xHH or \\uHHHH; in a regular expression write"
                + " \\\\d or use `backticks`");
    }
    return i + 2;
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
