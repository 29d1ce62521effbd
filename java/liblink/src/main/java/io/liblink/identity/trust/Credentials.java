package io.liblink.identity.trust;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Leaf;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This node's own certificate, minted in memory and again whenever it is asked for with less than
 * half of its life left, not by a timer: so a machine that slept has a fresh one at its next
 * handshake. Thread-safe.
 */
final class Credentials {
  /** How far before the clock a certificate begins, so that clocks may differ. */
  static final long BACKDATED_MILLIS = TimeUnit.HOURS.toMillis(24);

  /** How long after the clock a certificate ends. */
  static final long LIFE_MILLIS = TimeUnit.HOURS.toMillis(72);

  /** The age at which it is replaced. */
  static final long RENEW_AFTER_MILLIS = LIFE_MILLIS / 2;

  private static final long EARLIEST = 1_577_836_800_000L + BACKDATED_MILLIS; // 2020-01-02
  private static final long LATEST = 2_524_607_999_000L - LIFE_MILLIS; // end of 2049

  private final ClusterCa ca;
  private final Leaf leaf;
  private final KeyPair keys;
  private final ReentrantLock minting = new ReentrantLock();
  private volatile @Nullable Minted last;

  Credentials(ClusterCa ca, Leaf leaf, KeyPair keys) {
    this.ca = ca;
    this.leaf = leaf;
    this.keys = keys;
  }

  /** The certificate to show at that time, milliseconds since 1970. */
  X509Certificate current(long now) {
    Minted m = last;
    if (m != null && m.serves(now)) {
      return m.certificate;
    }
    minting.lock();
    try {
      m = last;
      if (m == null || !m.serves(now)) {
        m = new Minted(now, mint(now));
        last = m;
      }
      return m.certificate;
    } finally {
      minting.unlock();
    }
  }

  /** The key of every certificate minted here. */
  PrivateKey privateKey() {
    return keys.getPrivate();
  }

  private X509Certificate mint(long now) {
    if (now < EARLIEST || now > LATEST) {
      throw new ClusterKeyException(
          Reason.CLOCK,
          "this machine's clock says "
              + Clock.date(now)
              + ", and certificates exist from 2020 to 2049 only: set the clock");
    }
    return x509(leaf.certificate(
        ca, keys.getPublic().getEncoded(), now - BACKDATED_MILLIS, now + LIFE_MILLIS));
  }

  static X509Certificate x509(byte[] der) {
    try {
      return (X509Certificate) CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalStateException("this Java runtime cannot read a certificate of liblink", e);
    }
  }

  private record Minted(long at, X509Certificate certificate) {
    /** Also false when the clock was set back so far that the certificate nearly lies ahead. */
    boolean serves(long now) {
      return now - at < RENEW_AFTER_MILLIS && at - now < BACKDATED_MILLIS / 2;
    }
  }
}
