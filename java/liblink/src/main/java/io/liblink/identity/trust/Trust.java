package io.liblink.identity.trust;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.PeerRefusedException.Reason;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Leaf;
import io.liblink.message.Names;
import io.liblink.time.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What one node needs to prove itself and to judge its peers: its keys, its certificate, and both as
 * the key manager and trust manager of a TLS provider. Thread-safe. Opening and {@link #refresh()}
 * read files and compute: not on an event loop. Everything else may be called there.
 */
public final class Trust {
  private static final Logger LOG = System.getLogger("io.liblink.identity");

  private final String cluster;
  private final Leaf leaf;
  private final KeySource source;
  private final TimeSource time;
  private final KeyPair ownKeys;
  private final boolean keyWasCreated;
  private final X509ExtendedKeyManager keyManager;
  private final X509ExtendedTrustManager trustManager;
  private final ReentrantLock refreshing = new ReentrantLock();

  /** Guarded by {@link #refreshing}: the last failure, so that it is told once. */
  private @Nullable String refusedRefresh;

  private volatile Keys keys;

  private Trust(Leaf leaf, KeySource source, TimeSource time) {
    this.cluster = leaf.cluster();
    this.leaf = leaf;
    this.source = source;
    this.time = time;
    KeySource.Loaded loaded = source.load();
    for (String warning : loaded.warnings()) {
      LOG.log(Level.WARNING, warning);
    }
    this.ownKeys = newKeyPair();
    this.keyWasCreated = loaded.created();
    this.keys = derive(loaded.keys(), 1);
    this.keyManager = new OwnKey(this::privateKey, () -> new X509Certificate[] {certificate()});
    this.trustManager = new PeerTrust(this::verify, () -> keys.anchors());
    certificate(); // fails here and not in a handshake when the clock is impossible
  }

  /**
   * Loads the keys, derives their CAs and mints this node's certificate.
   *
   * @param roles at most 32, each {@code [a-z0-9][a-z0-9-]{0,62}}
   * @throws ClusterKeyException when there is no key that may be used, or the clock is impossible
   * @throws IllegalArgumentException when a name or role is outside its grammar
   */
  public static Trust open(
      String cluster, String node, Set<String> roles, KeySource source, TimeSource time) {
    Names.cluster(cluster);
    Names.node(node);
    roles.forEach(PeerVerifier::role);
    if (roles.size() > PeerVerifier.MAX_ROLES) {
      throw new IllegalArgumentException(
          "a node has at most " + PeerVerifier.MAX_ROLES + " roles, not " + roles.size());
    }
    return new Trust(new Leaf(cluster, node, Set.copyOf(roles)), source, time);
  }

  /** Shows the current certificate, minted again when half of its life is over. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /**
   * Refuses by {@link PeerRefusedException}, which is the cause of the provider's handshake failure;
   * {@link PeerRefusedException#in} finds it there.
   */
  public X509ExtendedTrustManager trustManager() {
    return trustManager;
  }

  /** Who this node is, as its peers see it. */
  public Identity self() {
    return new Identity(
        cluster,
        leaf.node(),
        leaf.roles(),
        Identity.Trust.CLUSTER_KEY,
        keys.cas.get(0).fingerprint());
  }

  /**
   * Who the peer proved to be. Called after a handshake it repeats what the trust manager judged, at
   * the cost of a hash; the TLS provider has checked that the peer holds the certificate's key.
   *
   * @param chain as the TLS session has it; null or empty when the peer showed none
   */
  public Identity verify(Certificate @Nullable [] chain, PeerPart part)
      throws PeerRefusedException {
    byte[] der = null;
    if (chain != null && chain.length > 0) {
      try {
        der = chain[0].getEncoded();
      } catch (CertificateEncodingException e) {
        throw new PeerRefusedException(
            Reason.MALFORMED, "the peer's certificate cannot be read: " + e.getMessage());
      }
    }
    return keys.verifier.verify(der, part, time.wallMillis());
  }

  /** The key of {@link #certificate()}; the same for the life of this object. */
  public PrivateKey privateKey() {
    return ownKeys.getPrivate();
  }

  /** The certificate to show now. Another object after it was minted again. */
  public X509Certificate certificate() {
    return keys.credentials.current(time.wallMillis());
  }

  /** {@code liblink-ca-…} of every key accepted now, one or two; the first signs. */
  public List<String> fingerprints() {
    return keys.cas.stream().map(ClusterCa::fingerprint).toList();
  }

  /** Counts the changes of keys, from 1. A link whose issuer is accepted no more must be closed. */
  public int generation() {
    return keys.generation;
  }

  /** Whether the key was made by this very object because there was none. */
  public boolean keyWasCreated() {
    return keyWasCreated;
  }

  /** Where the keys come from, in words for a message. */
  public String keySource() {
    return source.describe();
  }

  /**
   * Reads the keys again, for rotation. When they cannot be read or used, the ones in use stay.
   *
   * @return whether the keys changed
   * @throws ClusterKeyException when they cannot be used; only once until that changes
   */
  public boolean refresh() {
    refreshing.lock();
    try {
      List<ClusterKey> now = source.reload().keys();
      refusedRefresh = null;
      if (now.equals(keys.keys)) {
        return false;
      }
      keys = derive(now, keys.generation + 1);
      return true;
    } catch (ClusterKeyException e) {
      if (String.valueOf(e.getMessage()).equals(refusedRefresh)) {
        return false;
      }
      refusedRefresh = String.valueOf(e.getMessage());
      throw e;
    } finally {
      refreshing.unlock();
    }
  }

  private Keys derive(List<ClusterKey> list, int generation) {
    return new Keys(generation, list, leaf, ownKeys, source.describe());
  }

  private static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks P-256", e);
    }
  }

  /** Everything that follows from the keys, so that it changes in one step. */
  private static final class Keys {
    final int generation;
    final List<ClusterKey> keys;
    final List<ClusterCa> cas;
    final PeerVerifier verifier;
    final Credentials credentials;
    private volatile X509Certificate @Nullable [] anchors;

    Keys(int generation, List<ClusterKey> keys, Leaf leaf, KeyPair own, String source) {
      this.generation = generation;
      this.keys = keys;
      this.cas = keys.stream().map(k -> ClusterCa.derive(k.secret())).toList();
      this.verifier = new PeerVerifier(leaf.cluster(), cas, source);
      this.credentials = new Credentials(cas.get(0), leaf, own);
    }

    /** The CAs' own certificates, made when first asked for. */
    X509Certificate[] anchors() {
      X509Certificate[] made = anchors;
      if (made == null) {
        made = cas.stream()
            .map(ca -> Credentials.x509(ca.certificate()))
            .toArray(X509Certificate[]::new);
        anchors = made;
      }
      return made.clone();
    }
  }
}
