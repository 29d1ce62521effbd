package io.liblink.identity.trust;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS providers that the library runs on, as engines without a network. */
enum Tls {
  JDK {
    @Override
    SSLEngine engine(
        boolean client, @Nullable X509ExtendedKeyManager key, X509ExtendedTrustManager trust)
        throws Exception {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          key == null ? new KeyManager[0] : new KeyManager[] {key},
          new TrustManager[] {trust},
          null);
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(client);
      engine.setNeedClientAuth(!client);
      engine.setEnabledProtocols(new String[] {"TLSv1.3"});
      return engine;
    }
  },
  BORINGSSL {
    @Override
    SSLEngine engine(
        boolean client, @Nullable X509ExtendedKeyManager key, X509ExtendedTrustManager trust)
        throws Exception {
      SslContextBuilder builder = client
          ? SslContextBuilder.forClient().endpointIdentificationAlgorithm(null)
          : SslContextBuilder.forServer(Objects.requireNonNull(key)).clientAuth(ClientAuth.REQUIRE);
      if (client && key != null) {
        builder.keyManager(key);
      }
      return builder
          .sslProvider(SslProvider.OPENSSL)
          .trustManager(trust)
          .protocols("TLSv1.3")
          .build()
          .newEngine(ByteBufAllocator.DEFAULT);
    }
  };

  abstract SSLEngine engine(
      boolean client, @Nullable X509ExtendedKeyManager key, X509ExtendedTrustManager trust)
      throws Exception;

  static Side side(SSLEngine engine) {
    return new Side(engine);
  }

  /** Lets the two talk until neither has anything to say. */
  static void shakeHands(Side a, Side b) {
    for (int round = 0; round < 100; round++) {
      if (!a.step(b) & !b.step(a)) {
        return;
      }
    }
    throw new IllegalStateException("the handshake does not come to an end");
  }

  /** One end. */
  static final class Side {
    final SSLEngine engine;
    private final Queue<ByteBuffer> inbox = new ArrayDeque<>();

    @Nullable
    SSLException failure;

    private Side(SSLEngine engine) {
      this.engine = engine;
    }

    boolean isUp() {
      return failure == null
          && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
          && engine.getSession().getProtocol().equals("TLSv1.3");
    }

    /** Says and hears what is due; false when that was nothing. */
    boolean step(Side other) {
      boolean moved = false;
      try {
        if (failure == null || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          moved = say(other);
        }
        if (failure == null) {
          moved |= hear();
        }
      } catch (SSLException e) {
        moved = failure == null;
        failure = failure == null ? e : failure;
      }
      return moved;
    }

    private boolean say(Side other) throws SSLException {
      if (engine.isOutboundDone()) {
        return false;
      }
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
      tasks();
      if (out.position() > 0) {
        other.inbox.add(out.flip());
      }
      return result.bytesProduced() > 0;
    }

    private boolean hear() throws SSLException {
      ByteBuffer in = inbox.peek();
      if (in == null || engine.isInboundDone()) {
        return false;
      }
      int before = in.remaining();
      engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
      tasks();
      if (!in.hasRemaining()) {
        inbox.remove();
      }
      return in.remaining() < before || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }

    private void tasks() {
      Runnable task;
      while ((task = engine.getDelegatedTask()) != null) {
        task.run();
      }
    }
  }
}
