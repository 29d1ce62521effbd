package io.liblink.bench.reference;

import io.liblink.bench.peers.Secrets;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** BoringSSL, TLS 1.3, both sides with a certificate, no resumption: every handshake is a full one. */
final class ReferenceTls {
  private ReferenceTls() {}

  static SslContext server(Secrets secrets) throws SSLException {
    return withoutResumption(
        SslContextBuilder.forServer(
                secrets.chain("server").toFile(), secrets.key("server").toFile())
            .clientAuth(ClientAuth.REQUIRE),
        secrets);
  }

  static SslContext client(Secrets secrets) throws SSLException {
    return withoutResumption(
        SslContextBuilder.forClient()
            .keyManager(secrets.chain("client").toFile(), secrets.key("client").toFile()),
        secrets);
  }

  /** Netty leaves tickets off by itself. */
  private static SslContext withoutResumption(SslContextBuilder builder, Secrets secrets)
      throws SSLException {
    SslContext context = builder
        .trustManager(secrets.ca().toFile())
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .protocols("TLSv1.3")
        .build();
    ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
    return context;
  }
}
