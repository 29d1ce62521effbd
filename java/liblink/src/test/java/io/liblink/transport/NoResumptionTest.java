package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Service;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.trust.Trust;
import io.liblink.message.Address;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A resumed session would bypass the check of the certificate, so nodes hand out no tickets. */
class NoResumptionTest {
  private static final ClusterKey KEY = ClusterKey.generate();

  @TempDir
  Path directory;

  @ParameterizedTest
  @EnumSource(names = {"BORINGSSL", "JDK"})
  void aNodeGivesItsDialersNothingToResume(NodeOptions.TlsProvider tls) throws Exception {
    NodeOptions options = NodeOptions.cluster("shop")
        .name("server")
        .key(KEY.text())
        .registry("local:" + directory)
        .tls(tls);
    try (Node node = Node.join(options)) {
      node.serve(Service.named("echo").method("say", r -> r.message()));
      Dialer dialer = new Dialer();
      Address at = node.addresses().get(0);
      dialer.dial(at.host(), at.port());
      dialer.dial(at.host(), at.port());
      assertThat(dialer.certificatesChecked).isEqualTo(2);
    }
  }

  @Test
  void thisTestWouldSeeATicket() throws Exception {
    SSLContext server = context("server");
    try (SSLServerSocket listening =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
      Thread acceptor = new Thread(() -> {
        for (int i = 0; i < 2; i++) {
          try (SSLSocket s = (SSLSocket) listening.accept()) {
            s.startHandshake();
            s.getOutputStream().write(new byte[10]);
            s.getInputStream().read();
          } catch (IOException e) {
            // the dialer hung up
          }
        }
      });
      acceptor.start();
      Dialer dialer = new Dialer();
      dialer.dial("127.0.0.1", listening.getLocalPort());
      dialer.dial("127.0.0.1", listening.getLocalPort());
      assertThat(dialer.certificatesChecked).isEqualTo(1);
      acceptor.join(10_000);
    }
  }

  /** Resumes where it may, and counts the certificates that it was shown. */
  private static final class Dialer extends X509ExtendedTrustManager {
    private final SSLContext context;
    private final X509ExtendedTrustManager judge;
    int certificatesChecked;

    Dialer() throws Exception {
      Trust trust = trust("client");
      judge = trust.trustManager();
      context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {trust.keyManager()}, new TrustManager[] {this}, null);
    }

    void dial(String host, int port) throws IOException {
      try (SSLSocket s = (SSLSocket) context.getSocketFactory().createSocket(host, port)) {
        s.setSoTimeout(10_000);
        SSLParameters parameters = s.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"liblink/1"});
        s.setSSLParameters(parameters);
        s.startHandshake();
        // Tickets come before the first bytes.
        assertThat(s.getInputStream().readNBytes(10)).hasSize(10);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      certificatesChecked++;
      judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new AssertionError("sockets only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new AssertionError("sockets only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new AssertionError("dials only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new AssertionError("dials only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new AssertionError("dials only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return judge.getAcceptedIssuers();
    }
  }

  private static Trust trust(String node) {
    return Trust.open("shop", node, Set.of(), KeySource.literal(KEY.text()), TimeSource.system());
  }

  private static SSLContext context(String node) throws Exception {
    Trust trust = trust(node);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {trust.keyManager()}, new TrustManager[] {trust.trustManager()}, null);
    return context;
  }
}
