package io.liblink.registry.dns;

/** DNS could not be asked, or did not answer: not a word about whether there is such a name. */
final class DnsException extends Exception {
  private static final long serialVersionUID = 1L;

  DnsException(String words) {
    super(words, null, false, false);
  }

  /** The same for the same failure. */
  String words() {
    return String.valueOf(getMessage());
  }
}
