package io.liblink.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Which program this is. */
final class Version {
  /** The protocol spoken, as in ALPN. */
  static final String WIRE = "liblink/1";

  private Version() {}

  /** {@code liblink 0.1.0 (wire liblink/1, Java 17.0.15)}. */
  static String text() {
    return "liblink "
        + number()
        + " (wire "
        + WIRE
        + ", Java "
        + System.getProperty("java.version")
        + ")";
  }

  /** The version of the build. */
  static String number() {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
