package io.liblink.identity.trust;

import io.liblink.identity.PeerRefusedException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets a TLS provider ask for the judgement over a peer. Host names are not looked at: who a peer is
 * says its certificate, and where it was found says nothing. Being the extended kind keeps the JDK
 * from adding checks of its own.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  /** Judges a chain. */
  interface Judge {
    void check(X509Certificate[] chain, PeerPart part) throws PeerRefusedException;
  }

  private final Judge judge;
  private final Supplier<X509Certificate[]> anchors;

  PeerTrust(Judge judge, Supplier<X509Certificate[]> anchors) {
    this.judge = judge;
    this.anchors = anchors;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.DIALER);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.ACCEPTOR);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.DIALER);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.ACCEPTOR);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.DIALER);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws PeerRefusedException {
    judge.check(chain, PeerPart.ACCEPTOR);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return anchors.get();
  }
}
