package io.liblink.identity;

/**
 * A cluster key that cannot be used: the message says which, why, and what to do, and never holds
 * the key.
 */
public final class ClusterKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The text is not an {@code llk1_} key, or a character of it is wrong. */
    MALFORMED,
    /** The key has too few distinct bytes to have been drawn at random. */
    WEAK,
    /** The key stands in the specification, so everybody knows it. */
    PUBLISHED,
    /** No key, more than two, or the same twice. */
    COUNT,
    /** Somebody else can read or write the file or its directory. */
    PERMISSIONS,
    /** The file or its directory belongs to another user. */
    OWNER,
    /** The path is not a regular file. */
    NOT_A_FILE,
    /** The file is missing or cannot be read. */
    UNREADABLE,
    /** The file had to be created and could not be. */
    NOT_CREATED,
    /** The machine's clock is outside 2020 to 2049, so that no certificate can be made. */
    CLOCK
  }

  private final Reason reason;

  /** A refusal in words. */
  public ClusterKeyException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A refusal in words, with what the system said. */
  public ClusterKeyException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
