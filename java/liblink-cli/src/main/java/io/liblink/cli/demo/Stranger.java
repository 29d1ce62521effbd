package io.liblink.cli.demo;

import io.liblink.message.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Somebody who speaks TLS 1.3 and the right protocol, believes everything, and has no certificate.
 */
final class Stranger {
  private static final int PATIENCE_MILLIS = 5_000;

  private Stranger() {}

  /**
   * Knocks.
   *
   * @return what it heard: the refusal in the words of its own TLS
   */
  static String knock(Address address) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new Believer()}, null);
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      try (SSLSocket tls = (SSLSocket)
          context.getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"liblink/1"});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        // A client believes it is in before the server has judged it: only a byte would prove it.
        int first = tls.getInputStream().read();
        return first < 0 ? "the connection was closed" : "";
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Takes any certificate for true. */
  private static final class Believer extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
