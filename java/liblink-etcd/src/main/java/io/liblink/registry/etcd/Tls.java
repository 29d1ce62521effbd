package io.liblink.registry.etcd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS to etcd, from PEM files that may be replaced while the program runs. Whom etcd's certificate
 * is for is always checked. Used under the gateway's lock.
 */
final class Tls {
  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern KEY = Pattern.compile(
      "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private final Settings settings;
  private String version = "";

  Tls(Settings settings) {
    this.settings = settings;
  }

  /** Whether files are others than when {@link #context} read them. */
  boolean changed() {
    return !version.equals(versionNow());
  }

  private String versionNow() {
    StringBuilder s = new StringBuilder();
    for (Path file : files()) {
      try {
        s.append(Files.getLastModifiedTime(file)).append('/').append(Files.size(file));
      } catch (IOException e) {
        s.append('-');
      }
      s.append(' ');
    }
    return s.toString();
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path file : new @Nullable Path[] {settings.ca(), settings.certificate(), settings.key()}) {
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  /**
   * Reads the files.
   *
   * @throws EtcdException naming the file that is no good
   */
  SSLContext context() throws EtcdException {
    String before = versionNow();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      version = before;
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new EtcdException(EtcdException.Kind.MEMBER, "TLS to etcd can't be set up: " + e);
    }
  }

  private TrustManager @Nullable [] trust()
      throws EtcdException, GeneralSecurityException, IOException {
    Path file = settings.ca();
    if (file == null) {
      return null;
    }
    KeyStore store = empty();
    int n = 0;
    for (Certificate certificate : certificates("ca", file)) {
      store.setCertificateEntry("ca-" + n++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys()
      throws EtcdException, GeneralSecurityException, IOException {
    Path certificate = settings.certificate();
    Path key = settings.key();
    if (certificate == null || key == null) {
      return null;
    }
    KeyStore store = empty();
    store.setKeyEntry(
        "own",
        privateKey(key),
        new char[0],
        certificates("cert", certificate).toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String option, Path file)
      throws EtcdException {
    try {
      Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(read(option, file)));
      if (!found.isEmpty()) {
        return found;
      }
    } catch (GeneralSecurityException e) {
      // Said below.
    }
    throw bad(option, file, "holds no certificates in PEM");
  }

  private static PrivateKey privateKey(Path file) throws EtcdException {
    Matcher m = KEY.matcher(new String(read("key", file), StandardCharsets.US_ASCII));
    if (!m.find() || !m.group(1).equals("PRIVATE KEY")) {
      throw bad(
          "key",
          file,
          "holds no key in PKCS #8, which begins with BEGIN PRIVATE KEY; openssl pkcs8 -topk8"
              + " -nocrypt makes one of others");
    }
    for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(m.group(2))));
      } catch (InvalidKeySpecException | IllegalArgumentException e) {
        // It is not of this kind; perhaps of the next.
      } catch (GeneralSecurityException e) {
        throw bad("key", file, "can't be read: " + algorithm + " is not there");
      }
    }
    throw bad("key", file, "holds a key that is neither EC, RSA nor Ed25519");
  }

  private static byte[] read(String option, Path file) throws EtcdException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw bad(option, file, "is larger than " + MOST_BYTES + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      String why = e.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT);
      throw bad(option, file, "can't be read (" + why + ")");
    }
  }

  private static EtcdException bad(String option, Path file, String why) {
    return new EtcdException(
        EtcdException.Kind.MEMBER, option + "=" + file + " of the etcd registry " + why);
  }
}
