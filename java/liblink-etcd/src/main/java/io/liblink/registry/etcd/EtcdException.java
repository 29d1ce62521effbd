package io.liblink.registry.etcd;

/** What etcd answered instead of an answer, or why there was none. Without a stack: it is not rare. */
final class EtcdException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 300;

  /** What to do about it. */
  enum Kind {
    /** This member does not answer, or can't now: another may. */
    MEMBER,
    /** The token is old: one more login. */
    TOKEN,
    /** Authentication is not enabled on the server, so there is nothing to log in to. */
    NO_AUTH,
    /** No such thing, such as a lease that is over. */
    NOT_FOUND,
    /** The revision asked for is gone, or not there yet: read anew. */
    REVISION,
    /** More at once than is taken: ask for less. */
    TOO_LARGE,
    /** It said no, and another member would say the same. */
    REFUSED
  }

  private final Kind kind;

  EtcdException(Kind kind, String words) {
    super(printable(words), null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** The words, which are the same for the same failure. */
  String words() {
    return String.valueOf(getMessage());
  }

  /** What comes from the network must neither trouble a terminal nor fill a log. */
  static String printable(String text) {
    StringBuilder s = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      s.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
    }
    return (text.length() > LONGEST ? s.append('…') : s).toString();
  }
}
