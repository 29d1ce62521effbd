package io.liblink.registry.local;

/** A file that is no entry, and why. Without a stack trace: a directory may be full of them. */
final class BadEntry extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 200;

  /**
   * Says why.
   *
   * @param why may quote the file: what could trouble a terminal, or fill a log, is taken out
   */
  BadEntry(String why) {
    super(printable(why), null, false, false);
  }

  private static String printable(String text) {
    StringBuilder s = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      s.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
    }
    return (text.length() > LONGEST ? s.append('…') : s).toString();
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
