package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import io.liblink.identity.x509.Base32;
import io.liblink.identity.x509.ClusterCa;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secret that makes a process a member of its cluster. As text it is {@code llk1_} and 56
 * characters ({@code spec/trust.md}, section 2): whoever has it can be any node with any role.
 * Immutable and safe to share between threads.
 */
public final class ClusterKey {
  private static final String PREFIX = "llk1_";
  private static final int LENGTH = 61;
  private static final int SECRET_BYTES = 32;
  private static final int CHECKSUM_BYTES = 3;
  private static final int FEWEST_DISTINCT_BYTES = 8;

  /** The specification's vectors: not secrets. */
  private static final Set<String> PUBLISHED = Set.of(
      "llk1_aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypuy6li",
      "llk1_de2rg7ll4fs62r45tg6pr232a7g6qtdyyse4kkf4n7p7g3bimfc4ompp",
      "llk1_5v4zq5w32xf664itbat5g2vj46xcrpd4pn2wsutnar3qy64kgoxcvpgb");

  private final byte[] secret;
  private volatile @Nullable String fingerprint;

  private ClusterKey(byte[] secret) {
    this.secret = secret;
  }

  /** A new key from the platform's secure random source. */
  public static ClusterKey generate() {
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[SECRET_BYTES];
    do {
      random.nextBytes(secret);
    } while (distinct(secret) < FEWEST_DISTINCT_BYTES);
    return new ClusterKey(secret);
  }

  /**
   * Reads a key. ASCII white space around it and upper case are forgiven, nothing else is.
   *
   * @throws ClusterKeyException when it is malformed, weak, or a vector of the specification
   */
  public static ClusterKey parse(String text) {
    ClusterKey key = parsePublished(text);
    if (PUBLISHED.contains(key.text())) {
      throw new ClusterKeyException(
          Reason.PUBLISHED,
          "this cluster key stands in liblink's specification, so everybody knows it: make your"
              + " own with 'liblink key new'");
    }
    return key;
  }

  /** As {@link #parse}, but takes the published vectors too. For tests only. */
  static ClusterKey parsePublished(String text) {
    String s = lowerAscii(text);
    if (s.isEmpty()) {
      throw malformed("it is empty");
    }
    if (!s.startsWith(PREFIX)) {
      throw malformed(
          s.matches("llk[0-9]+_.*")
              ? "it is of another version than llk1: a newer liblink may read it"
              : "it does not start with llk1_; passphrases are not accepted");
    }
    if (s.length() != LENGTH) {
      throw malformed("it has " + s.length() + " characters instead of " + LENGTH);
    }
    for (int i = PREFIX.length(); i < LENGTH; i++) {
      if (Base32.value(s.charAt(i)) < 0) {
        throw malformed("character " + (i + 1) + " is not one of a-z and 2-7");
      }
    }
    byte[] bytes = Base32.decode(s.substring(PREFIX.length()));
    byte[] secret = Arrays.copyOf(bytes, SECRET_BYTES);
    if (!Arrays.equals(checksum(secret), Arrays.copyOfRange(bytes, SECRET_BYTES, bytes.length))) {
      throw malformed("its check characters do not fit, so some character of it is wrong");
    }
    if (distinct(secret) < FEWEST_DISTINCT_BYTES) {
      throw new ClusterKeyException(
          Reason.WEAK,
          "this cluster key was not drawn at random (it has fewer than "
              + FEWEST_DISTINCT_BYTES
              + " distinct bytes): make one with 'liblink key new'");
    }
    return new ClusterKey(secret);
  }

  /** The key as text: the secret itself. For the file that keeps it, never for a log. */
  public String text() {
    byte[] bytes = Arrays.copyOf(secret, SECRET_BYTES + CHECKSUM_BYTES);
    System.arraycopy(checksum(secret), 0, bytes, SECRET_BYTES, CHECKSUM_BYTES);
    return PREFIX + Base32.encode(bytes);
  }

  /** The 32 secret bytes, as a copy. */
  public byte[] secret() {
    return secret.clone();
  }

  /**
   * {@code liblink-ca-} and 16 characters: the public name of the CA that follows from this key.
   * Tells keys apart; safe to log and to show. The first call computes for some milliseconds.
   */
  public String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      known = ClusterCa.derive(secret).fingerprint();
      fingerprint = known;
    }
    return known;
  }

  /** Equal keys are the same secret. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClusterKey k && MessageDigest.isEqual(secret, k.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secret);
  }

  /** The fingerprint, never the secret. */
  @Override
  public String toString() {
    return fingerprint();
  }

  /** Trims ASCII white space and lowers A to Z; other alphabets stay as they are, to be refused. */
  private static String lowerAscii(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    StringBuilder s = new StringBuilder(text.substring(from, to));
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        s.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return s.toString();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static ClusterKeyException malformed(String why) {
    return new ClusterKeyException(
        Reason.MALFORMED,
        "this is not a cluster key: "
            + why
            + ". A key is llk1_ and 56 characters; copy it whole from a node that works, or make one"
            + " with 'liblink key new'");
  }

  private static int distinct(byte[] secret) {
    BitSet seen = new BitSet(256);
    for (byte b : secret) {
      seen.set(b & 0xff);
    }
    return seen.cardinality();
  }

  private static byte[] checksum(byte[] secret) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update("liblink-key-v1".getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(sha.digest(secret), CHECKSUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
