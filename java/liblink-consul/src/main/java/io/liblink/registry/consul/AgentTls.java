package io.liblink.registry.consul;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS to the agent: whose certificate is believed, and what is shown to it. */
final class AgentTls {
  private AgentTls() {}

  /**
   * The context for these settings. The agent's certificate must name the host of the URI.
   *
   * @throws IllegalArgumentException when a file can't be used, naming it
   */
  static SSLContext context(Settings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(settings.certFile(), settings.keyFile()), trust(settings.caFile()), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("'" + settings.uri() + "': " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] trust(@Nullable Path file)
      throws IOException, GeneralSecurityException {
    if (file == null) {
      return null; // those of the JDK
    }
    KeyStore store = empty();
    int n = 0;
    for (X509Certificate certificate : Pem.certificates(file)) {
      store.setCertificateEntry("ca-" + n++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(@Nullable Path certFile, @Nullable Path keyFile)
      throws IOException, GeneralSecurityException {
    if (certFile == null || keyFile == null) {
      return null;
    }
    List<X509Certificate> chain = Pem.certificates(certFile);
    KeyStore store = empty();
    char[] noPassword = new char[0]; // it stays in memory
    store.setKeyEntry("node", Pem.key(keyFile), noPassword, chain.toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, noPassword);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
