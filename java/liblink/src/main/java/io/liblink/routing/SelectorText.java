package io.liblink.routing;

/** How strings are written in the canonical form of a selector. */
final class SelectorText {
  private SelectorText() {}

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
