package io.liblink.transport;

import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Address;
import io.liblink.testing.RawPeer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** An acceptor played by a test: what it does with each connection, one after the other. */
final class RawServer implements Closeable {
  /** What to do with a connection; it is closed afterwards. */
  interface Play {
    void with(Socket connection) throws Exception;
  }

  /** What to do with a TLS connection. */
  interface PeerPlay {
    void with(RawPeer peer) throws Exception;
  }

  private final ServerSocket listening;
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  private RawServer(Play play) throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> accept(play), "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Play play) {
    while (!listening.isClosed()) {
      try {
        Socket connection = listening.accept();
        Thread one = new Thread(
            () -> {
              try (connection) {
                connection.setSoTimeout(20_000);
                play.with(connection);
              } catch (IOException closed) {
                // the other side may hang up at any time
              } catch (Exception | AssertionError e) {
                failures.add(e);
              }
            },
            "raw-server-connection");
        one.setDaemon(true);
        one.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  static RawServer plain(Play play) throws IOException {
    return new RawServer(play);
  }

  /** Shakes hands without asking for a certificate. */
  static RawServer tls(KeyManager shown, String protocol, String alpn, PeerPlay play)
      throws IOException {
    return tls(shown, null, protocol, alpn, play);
  }

  /** Trusts nobody that the JDK does not trust: refuses every node, by an alert. */
  static RawServer refusing(KeyManager shown) throws IOException {
    return tls(shown, new TrustManager[0], "TLSv1.3", "liblink/1", peer -> {});
  }

  private static RawServer tls(
      KeyManager shown, TrustManager[] trusted, String protocol, String alpn, PeerPlay play)
      throws IOException {
    return new RawServer(connection -> {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {shown}, trusted, null);
      SSLSocket tls = (SSLSocket) context
          .getSocketFactory()
          .createSocket(connection, "localhost", connection.getPort(), true);
      tls.setUseClientMode(false);
      tls.setNeedClientAuth(trusted != null);
      tls.setEnabledProtocols(new String[] {protocol});
      var parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(alpn.isEmpty() ? new String[0] : new String[] {alpn});
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      play.with(RawPeer.over((Socket) tls));
    });
  }

  /** A node of that cluster and name. */
  static RawServer node(ClusterKey key, String cluster, String node, PeerPlay play)
      throws Exception {
    return tls(Shown.node(key, cluster, node), "TLSv1.3", "liblink/1", play);
  }

  Address address() {
    return new Address("127.0.0.1", listening.getLocalPort());
  }

  /** What the plays found wrong. */
  List<Throwable> failures() {
    return failures;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
