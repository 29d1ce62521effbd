package io.liblink.transport;

import io.liblink.identity.Identity;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What TLS needs of the node's trust. Thread-safe. */
public interface TlsIdentity {
  /** Shows this node's certificate. */
  X509ExtendedKeyManager keyManager();

  /** Decides on the peer's. */
  X509ExtendedTrustManager trustManager();

  /**
   * Who the peer proved to be.
   *
   * @throws CertificateException when the chain does not prove anything
   */
  Identity identify(X509Certificate[] chain, boolean peerIsServer) throws CertificateException;

  /** Changes when the keys do: contexts are then made anew. */
  long generation();
}
