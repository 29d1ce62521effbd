package io.liblink.registry.local;

/** A file that is no entry, and why. Without a stack trace: a directory may be full of them. */
final class BadEntry extends Exception {
  private static final long serialVersionUID = 1L;

  BadEntry(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
