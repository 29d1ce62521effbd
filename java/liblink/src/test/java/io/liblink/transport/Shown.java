package io.liblink.transport;

import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Leaf;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows whatever certificate a test made, with its key, to whoever asks. */
final class Shown extends X509ExtendedKeyManager {
  private static final long HOUR = 3_600_000;

  private final KeyPair keys;
  private final X509Certificate certificate;

  private Shown(KeyPair keys, byte[] der) throws GeneralSecurityException {
    this.keys = keys;
    this.certificate = (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** As a node of that cluster and name makes it. */
  static Shown node(ClusterKey key, String cluster, String node) throws GeneralSecurityException {
    return at(key, cluster, node, System.currentTimeMillis());
  }

  /** The same, by a clock that says something else. */
  static Shown at(ClusterKey key, String cluster, String node, long now)
      throws GeneralSecurityException {
    KeyPair keys = newKeys();
    byte[] der = new Leaf(cluster, node, Set.of())
        .certificate(
            ClusterCa.derive(key.secret()),
            keys.getPublic().getEncoded(),
            now - 24 * HOUR,
            now + 72 * HOUR);
    return new Shown(keys, der);
  }

  /**
   * By somebody without the key: names the issuer that is wanted, and signs itself.
   *
   * @param issuer 27 characters, as {@code liblink-ca-…}
   */
  static Shown selfSigned(String issuer, String cluster, String node)
      throws GeneralSecurityException {
    ClusterCa own = ClusterCa.derive(ClusterKey.generate().secret());
    KeyPair keys = newKeys();
    long now = System.currentTimeMillis();
    byte[] der = new Leaf(cluster, node, Set.of())
        .certificate(own, keys.getPublic().getEncoded(), now - 24 * HOUR, now + 72 * HOUR);
    // SEQUENCE { SEQUENCE tbs, …}: lengths of two bytes each.
    int length = (der[6] & 0xFF) << 8 | (der[7] & 0xFF);
    byte[] tbs = Arrays.copyOfRange(der, 4, 8 + length);
    replace(tbs, own.fingerprint(), issuer);
    return new Shown(keys, own.certify(tbs));
  }

  private static void replace(byte[] in, String old, String with) {
    byte[] from = old.getBytes(StandardCharsets.US_ASCII);
    byte[] to = with.getBytes(StandardCharsets.US_ASCII);
    if (from.length != to.length) {
      throw new IllegalArgumentException("'" + with + "' is not as long as '" + old + "'");
    }
    for (int i = 0; i + from.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, in, i, to.length);
        return;
      }
    }
    throw new IllegalStateException(old + " is not in the certificate");
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {"own"};
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return "own";
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return "own";
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[] {"own"};
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return "own";
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return "own";
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {certificate};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return keys.getPrivate();
  }
}
