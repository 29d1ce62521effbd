package io.liblink.transport;

import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.trust.PeerPart;
import io.liblink.identity.trust.Trust;
import io.liblink.session.SessionRefused;
import io.liblink.status.Status;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.Protocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What is checked of a peer after the TLS handshake, whatever the TLS provider let through. */
final class PeerCheck {
  private PeerCheck() {}

  /** ALPN, TLS version and certificate of a finished handshake. */
  static Identity identify(ChannelHandlerContext context, Trust trust, boolean dialer)
      throws HandshakeFailure {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    String alpn = tls.applicationProtocol();
    if (!Protocol.ALPN.equals(alpn)) {
      throw HandshakeFailure.alpn(dialer, alpn);
    }
    String version = tls.engine().getSession().getProtocol();
    if (!version.equals("TLSv1.3")) {
      throw HandshakeFailure.version(dialer, version);
    }
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return trust.verify(chain, dialer ? PeerPart.ACCEPTOR : PeerPart.DIALER);
    } catch (SSLPeerUnverifiedException | PeerRefusedException e) {
      throw HandshakeFailure.of(e, dialer);
    }
  }

  /** HELLO must not claim to be somebody else than the certificate proves. */
  static void checkHello(HelloFrame hello, Identity proved) {
    if (!hello.cluster().equals(proved.cluster()) || !hello.node().equals(proved.node())) {
      throw new SessionRefused(
          Status.UNAUTHENTICATED,
          "HELLO claims to be node '"
              + hello.node()
              + "' of cluster '"
              + hello.cluster()
              + "', but the certificate proves "
              + proved.spiffeId());
    }
  }
}
