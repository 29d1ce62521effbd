package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Leaf;
import io.liblink.testing.Gen;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final long HOUR = 3_600_000;
  private static final long NOW = Forge.NOW;
  private static final ClusterCa CA = ClusterCa.derive(ClusterKey.generate().secret());

  private final KeyPair keys = Forge.keyPair();
  private final Credentials credentials =
      new Credentials(CA, new Leaf("shop", "a", Set.of("edge", "billing")), keys);

  @Test
  void theCertificateFollowsTheProfile() throws Exception {
    X509Certificate c = credentials.current(NOW + 999);

    c.verify(CA.publicKey());
    assertThat(c.getVersion()).isEqualTo(3);
    assertThat(c.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(c.getSerialNumber().bitLength()).isEqualTo(127);
    assertThat(c.getIssuerX500Principal().getEncoded()).isEqualTo(CA.name());
    assertThat(c.getSubjectX500Principal().getName()).isEqualTo("CN=a,O=edge,O=billing");
    assertThat(c.getNotBefore().toInstant()).isEqualTo(Instant.ofEpochMilli(NOW - 24 * HOUR));
    assertThat(c.getNotAfter().toInstant()).isEqualTo(Instant.ofEpochMilli(NOW + 72 * HOUR));
    assertThat(c.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(c.getBasicConstraints()).isEqualTo(-1);
    assertThat(c.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(c.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(c.getSubjectAlternativeNames()).containsExactly(List.of(6, "spiffe://shop/node/a"));
    assertThat(c.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(c.getNonCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.35", "2.5.29.37", "2.5.29.17");
    assertThat(c.getExtensionValue("2.5.29.35"))
        .containsExactly(Forge.join(Forge.hex("041830168014"), CA.keyId()));
  }

  @Test
  void itIsMintedAgainWhenHalfOfItsLifeIsOver() {
    X509Certificate first = credentials.current(NOW);

    assertThat(credentials.current(NOW + 36 * HOUR - 1)).isSameAs(first);
    X509Certificate second = credentials.current(NOW + 36 * HOUR);
    assertThat(second).isNotSameAs(first);
    assertThat(second.getNotAfter().toInstant()).isEqualTo(Instant.ofEpochMilli(NOW + 108 * HOUR));
    assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());
    assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
  }

  @Test
  void aMachineThatSleptForAMonthMintsAtItsNextHandshake() throws Exception {
    credentials.current(NOW);
    long later = NOW + 30 * 24 * HOUR;

    credentials.current(later).checkValidity(new Date(later));
  }

  @Test
  void aClockThatIsSetBackDoesNotLeaveACertificateOfTheFuture() throws Exception {
    X509Certificate first = credentials.current(NOW);

    assertThat(credentials.current(NOW - 12 * HOUR + 1)).isSameAs(first);
    long back = NOW - 300 * 24 * HOUR;
    credentials.current(back).checkValidity(new Date(back));
  }

  @Test
  void atAnyTimeTheCurrentCertificateHasHalfOfItsLifeLeft() {
    Gen.check(100, gen -> {
      long now = NOW + gen.between(-2_000_000_000, 2_000_000_000);
      X509Certificate c = credentials.current(now);

      assertThat(c.getNotAfter().getTime() - now).isGreaterThan(36 * HOUR - 1001);
      assertThat(now - c.getNotBefore().getTime()).isGreaterThan(12 * HOUR - 1);
    });
  }

  @Test
  void manyThatAskAtOnceGetOneCertificate() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      Callable<X509Certificate> ask = () -> credentials.current(NOW);
      Set<X509Certificate> seen = new HashSet<>();
      for (Future<X509Certificate> f : pool.invokeAll(Collections.nCopies(50, ask))) {
        seen.add(f.get(20, TimeUnit.SECONDS));
      }
      assertThat(seen).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2020-01-01T23:59:59Z",
        "2049-12-29T00:00:00Z",
        "2100-01-01T00:00:00Z"
      })
  void anImpossibleClockIsRefused(String date) {
    long now = Instant.parse(date).toEpochMilli();

    assertThatThrownBy(() -> credentials.current(now))
        .isInstanceOfSatisfying(
            ClusterKeyException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOCK))
        .hasMessageContaining("clock says " + date);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2020-01-02T00:00:00Z", "2049-12-28T23:59:59Z"})
  void theLastPossibleClocksAreTaken(String date) {
    assertThat(credentials.current(Instant.parse(date).toEpochMilli())).isNotNull();
  }
}
