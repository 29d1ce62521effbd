package io.liblink.registry.consul;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The token that every request carries, if there is one. A file is read again after a while, so that
 * it can be replaced while the node runs. Thread-safe.
 */
final class Token {
  /** A file is read again after this long. */
  static final long FRESH_NANOS = 5_000_000_000L;

  private static final int LONGEST = 4096;

  private final @Nullable Path file;
  private final String literal;

  /** What the file said last, and when; guarded by this. */
  private String read = "";

  /** Guarded by this. */
  private long readAt;

  /** Guarded by this. */
  private boolean known;

  /** How often it was another; guarded by this. */
  private int changes;

  Token(@Nullable Path file, String literal) {
    this.file = file;
    this.literal = checked(literal, "the variable CONSUL_HTTP_TOKEN");
  }

  /** Whether requests carry one. */
  boolean isSet() {
    return file != null || !literal.isEmpty();
  }

  /**
   * The token now, empty when there is none.
   *
   * @throws Unusable when the file can't be used; says which and why, never what is in it
   */
  synchronized String value(long now) throws Unusable {
    if (file == null) {
      return literal;
    }
    if (!known || now - readAt >= FRESH_NANOS) {
      String newest = read(file);
      changes += newest.equals(read) ? 0 : 1;
      read = newest;
      readAt = now;
      known = true;
    }
    return read;
  }

  /** How often it has become another. */
  synchronized int changes() {
    return changes;
  }

  /** It was refused: the file may have a newer one. */
  synchronized void refused() {
    known = false;
  }

  private static String read(Path file) throws Unusable {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LONGEST + 1);
    } catch (NoSuchFileException e) {
      throw new Unusable("the token file " + file + " is not there", e);
    } catch (IOException e) {
      throw new Unusable("the token file " + file + " can't be read: " + e.getMessage(), e);
    }
    String text = new String(bytes, StandardCharsets.UTF_8).trim();
    if (bytes.length > LONGEST || text.isEmpty()) {
      throw new Unusable(
          "the token file " + file
              + (text.isEmpty() ? " is empty" : " has more than " + LONGEST + " bytes"),
          null);
    }
    try {
      return checked(text, "the token file " + file);
    } catch (IllegalArgumentException e) {
      throw new Unusable(String.valueOf(e.getMessage()), e);
    }
  }

  /** A header takes no line ends, and an exception that quoted it would end up in a log. */
  private static String checked(String text, String where) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw new IllegalArgumentException(
            where + " holds something else than one token of visible characters");
      }
    }
    return text;
  }

  /** Never the token. */
  @Override
  public String toString() {
    return file != null ? "token of " + file : literal.isEmpty() ? "no token" : "token";
  }

  /** The file is not what it should be. */
  static final class Unusable extends IOException {
    private static final long serialVersionUID = 1L;

    private Unusable(String problem, @Nullable Throwable cause) {
      super(problem, cause);
    }
  }
}
