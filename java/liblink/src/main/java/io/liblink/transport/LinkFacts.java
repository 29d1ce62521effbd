package io.liblink.transport;

import io.liblink.session.Carried;
import io.liblink.session.Session;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLSession;

/**
 * What only the event loop of a link knows, as of one moment. Immutable.
 *
 * @param protocol of TLS, for example {@code TLSv1.3}; empty when the link is closed already
 * @param cipher its cipher suite; empty when the link is closed already
 * @param ownStreams streams open now that this side opened
 * @param peerStreams streams open now that the peer opened
 * @param carried since the link was made
 */
public record LinkFacts(
    String protocol, String cipher, int ownStreams, int peerStreams, Carried carried) {
  static LinkFacts of(Channel channel, Session session) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    SSLSession agreed = tls == null ? null : tls.engine().getSession();
    int own = session.ownStreams();
    return new LinkFacts(
        agreed == null ? "" : agreed.getProtocol(),
        agreed == null ? "" : agreed.getCipherSuite(),
        own,
        session.streams() - own,
        session.carried());
  }
}
