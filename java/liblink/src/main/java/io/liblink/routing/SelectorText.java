package io.liblink.routing;

import org.jspecify.annotations.Nullable;

/** How strings are written in the canonical form of a selector. */
final class SelectorText {
  private SelectorText() {}

  /**
   * As other languages of this family take it, without escapes; null when that can't be done. Some read a
   * value in double quotes that begins with a slash as something else.
   */
  static @Nullable String raw(String value) {
    if (value.chars().anyMatch(c -> c < 0x20 || (c >= 0x7f && c < 0xa0))) {
      return null;
    }
    if (value.indexOf('`') < 0) {
      return '`' + value + '`';
    }
    boolean plain = value.indexOf('"') < 0 && value.indexOf('\\') < 0 && !value.startsWith("/");
    return plain ? '"' + value + '"' : null;
  }

  static String quoted(String value) {
    StringBuilder s = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> s.append('\\').append(c);
        case '\n' -> s.append("\\n");
        case '\r' -> s.append("\\r");
        case '\t' -> s.append("\\t");
        default -> {
          if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            String hex = Integer.toHexString(c);
            s.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
          } else {
            s.append(c);
          }
        }
      }
    }
    return s.append('"').toString();
  }
}
