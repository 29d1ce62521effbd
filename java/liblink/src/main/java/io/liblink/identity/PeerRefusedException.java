package io.liblink.identity;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * A peer that did not prove who it is. The message says what is wrong, with both sides' key
 * fingerprints and the clock where they matter, and what to do. Only the side that decides has it:
 * the other sees no more than a closed connection or a TLS alert.
 */
public final class PeerRefusedException extends CertificateException {
  private static final long serialVersionUID = 1L;

  /** What was wrong with the proof. Documented with causes and cures in {@code docs/trust.md}. */
  public enum Reason {
    /** The peer showed no certificate. */
    NO_CERTIFICATE,
    /** The certificate is not one, too large, or outside the profile. */
    MALFORMED,
    /** It was issued by another cluster key. */
    OTHER_KEY,
    /** It was not issued by a cluster key at all. */
    UNKNOWN_ISSUER,
    /** It names our CA as its issuer, but our CA did not sign it. */
    FORGED,
    /** Its time is over. */
    EXPIRED,
    /** Its time has not begun. */
    NOT_YET_VALID,
    /** It is a CA's and not a node's. */
    CA_CERTIFICATE,
    /** It is not meant for this side of a connection. */
    WRONG_USAGE,
    /** It does not have exactly one identity, or that is no liblink identity. */
    BAD_IDENTITY,
    /** It is of a node of another cluster that has the same key. */
    OTHER_CLUSTER
  }

  private final Reason reason;

  /** A refusal in words. It has no stack trace: it is made in the middle of a handshake. */
  public PeerRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What was wrong, for programs and counters. */
  public Reason reason() {
    return reason;
  }

  /**
   * The refusal behind a failed handshake, or null when the handshake failed for another reason.
   * Both TLS providers refuse a missing certificate by themselves, in words of their own; that is
   * recognised too.
   */
  public static @Nullable PeerRefusedException in(@Nullable Throwable failure) {
    Throwable t = failure;
    for (int depth = 0; t != null && depth < 16; depth++, t = t.getCause()) {
      if (t instanceof PeerRefusedException refused) {
        return refused;
      }
      String words = String.valueOf(t.getMessage());
      if (words.contains("Empty client certificate chain")
          || words.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
        return noCertificate();
      }
    }
    return null;
  }

  /** The refusal of a peer without a certificate. */
  public static PeerRefusedException noCertificate() {
    return new PeerRefusedException(
        Reason.NO_CERTIFICATE,
        "the peer showed no certificate: it is no liblink node, or has no cluster key. Give it this"
            + " cluster's key, or connect with the 'liblink' command");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
