package io.liblink.identity.x509;

/** Bytes that are not the DER that was expected. */
public final class DerException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A complaint that completes the sentence 'it has …'. */
  public DerException(String problem) {
    super(problem, null, false, false);
  }
}
