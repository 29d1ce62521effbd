package io.liblink.transport;

import io.liblink.identity.trust.Trust;
import io.liblink.wire.Protocol;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3, mutual, ALPN {@code liblink/1}, no resumption, on either provider. Contexts are made anew
 * when the keys change. Thread-safe.
 */
final class TlsContexts {
  /** More than the seven days for which JDK and RFC 8446 allow a ticket: none is sent. */
  private static final int NO_TICKETS_SECONDS = 604_801;

  private final Trust trust;
  private final SslProvider provider;
  private volatile @Nullable Pair current;

  private record Pair(long generation, SslContext client, SslContext server) {}

  TlsContexts(Trust trust, TlsProvider wanted) {
    this.trust = trust;
    this.provider = switch (wanted) {
      case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
      case BORINGSSL -> requireBoringSsl();
      case JDK -> SslProvider.JDK;
    };
  }

  private static SslProvider requireBoringSsl() {
    if (!OpenSsl.isAvailable()) {
      Throwable cause = OpenSsl.unavailabilityCause();
      throw new IllegalStateException(
          "BoringSSL was asked for but does not load: "
              + (cause == null ? "no reason known" : cause.getMessage())
              + ". Use TlsProvider.AUTO, add netty-tcnative-boringssl-static for this platform, or"
              + " start java with --enable-native-access=ALL-UNNAMED",
          cause);
    }
    return SslProvider.OPENSSL;
  }

  /** {@code BoringSSL} or {@code JDK}: for listings. */
  String name() {
    return provider == SslProvider.JDK ? "JDK" : "BoringSSL";
  }

  SslHandler clientHandler(ByteBufAllocator allocator) {
    // Without host and port: no session is ever looked up for resumption, no SNI is sent.
    return new SslHandler(pair().client().newEngine(allocator));
  }

  SslHandler serverHandler(ByteBufAllocator allocator) {
    SSLEngine engine = pair().server().newEngine(allocator);
    if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
      // The one switch that keeps BoringSSL from sending tickets; the context's does not.
      SSL.setOptions(openSsl.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
    return new SslHandler(engine);
  }

  private Pair pair() {
    Pair pair = current;
    long generation = trust.generation();
    if (pair != null && pair.generation() == generation) {
      return pair;
    }
    try {
      pair = new Pair(generation, client(), server());
    } catch (SSLException e) {
      throw new IllegalStateException("TLS can't be set up with " + name() + ": " + e, e);
    }
    current = pair;
    return pair;
  }

  private SslContext client() throws SSLException {
    return common(SslContextBuilder.forClient().keyManager(trust.keyManager()))
        // There are no host names in liblink: who the peer is, its certificate says, and that is
        // checked by the trust manager and again after the handshake.
        .endpointIdentificationAlgorithm(null)
        .build();
  }

  private SslContext server() throws SSLException {
    SslContext context = common(SslContextBuilder.forServer(trust.keyManager()))
        .clientAuth(ClientAuth.REQUIRE)
        .sessionTimeout(NO_TICKETS_SECONDS)
        .build();
    if (provider == SslProvider.JDK) {
      context.sessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
    }
    return context;
  }

  private SslContextBuilder common(SslContextBuilder builder) {
    return builder
        .sslProvider(provider)
        .trustManager(trust.trustManager())
        .protocols("TLSv1.3")
        .applicationProtocolConfig(new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            Protocol.ALPN));
  }
}
