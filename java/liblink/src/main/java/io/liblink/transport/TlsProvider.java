package io.liblink.transport;

/** Which TLS does the work. Both behave the same. */
public enum TlsProvider {
  /** BoringSSL where its native library loads, the JDK's otherwise. */
  AUTO,
  /** BoringSSL or nothing. */
  BORINGSSL,
  /** The JDK's own. */
  JDK
}
