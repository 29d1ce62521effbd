package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  private final TestTime time = new TestTime(Forge.NOW);
  private final ClusterKey a = ClusterKey.generate();
  private final ClusterKey b = ClusterKey.generate();

  @TempDir
  Path directory;

  private Path file;

  @BeforeEach
  void writeKey() throws IOException {
    file = directory.resolve("shop.key");
    write(a);
  }

  @Test
  void aNodeKnowsWhoItIs() {
    Trust trust = open(Set.of("edge"));

    assertThat(trust.self())
        .isEqualTo(new Identity(
            "shop", "n1", Set.of("edge"), Identity.Trust.CLUSTER_KEY, a.fingerprint()));
    assertThat(trust.fingerprints()).containsExactly(a.fingerprint());
    assertThat(trust.generation()).isEqualTo(1);
    assertThat(trust.keyWasCreated()).isFalse();
    assertThat(trust.keySource()).contains(file.toString());
    assertThat(trust.toString()).doesNotContain("llk1_");
  }

  @Test
  void theKeyManagerShowsTheCurrentCertificateWhateverIsAsked() {
    Trust trust = open(Set.of());
    X509Certificate first = trust.certificate();
    String alias = trust.keyManager().chooseEngineClientAlias(new String[] {"RSA"}, null, null);

    assertThat(trust.keyManager().getCertificateChain(alias)).containsExactly(first);
    assertThat(trust.keyManager().getPrivateKey(alias)).isSameAs(trust.privateKey());
    time.turn(Duration.ofHours(37));
    assertThat(trust.keyManager().getCertificateChain(alias)[0])
        .isNotSameAs(first)
        .isSameAs(trust.certificate());
    assertThat(trust.keyManager().chooseEngineServerAlias("EC", null, null)).isEqualTo(alias);
  }

  @Test
  void theTrustManagerNamesTheAuthoritiesThatItAccepts() throws Exception {
    write(a, b);
    Trust trust = open(Set.of());

    assertThat(trust.trustManager().getAcceptedIssuers())
        .extracting(c -> c.getSubjectX500Principal().getName())
        .containsExactly("CN=" + a.fingerprint(), "CN=" + b.fingerprint());
  }

  @Test
  void theTrustManagerRefusesByTypeInEachOfItsForms() {
    Trust trust = open(Set.of());
    X509Certificate[] foreign = {
      Trust.open("shop", "x", Set.of(), KeySource.literal(b.text()), time).certificate()
    };

    assertThatThrownBy(() -> trust.trustManager().checkClientTrusted(foreign, "UNKNOWN"))
        .isInstanceOf(PeerRefusedException.class);
    assertThatThrownBy(() -> trust.trustManager().checkServerTrusted(foreign, "UNKNOWN"))
        .isInstanceOf(PeerRefusedException.class);
    assertThatThrownBy(() -> trust.verify(null, PeerPart.DIALER))
        .isInstanceOf(PeerRefusedException.class);
    assertThatThrownBy(() -> trust.verify(new X509Certificate[0], PeerPart.DIALER))
        .isInstanceOf(PeerRefusedException.class);
  }

  @Test
  void aRotationIsTakenUpWithoutARestart() throws Exception {
    Trust trust = open(Set.of());
    X509Certificate old = trust.certificate();

    assertThat(trust.refresh()).isFalse();
    write(a, b);
    assertThat(trust.refresh()).isTrue();
    assertThat(trust.generation()).isEqualTo(2);
    assertThat(trust.self().issuer()).isEqualTo(a.fingerprint());
    write(b, a);
    assertThat(trust.refresh()).isTrue();
    assertThat(trust.self().issuer()).isEqualTo(b.fingerprint());
    assertThat(trust.certificate().getPublicKey()).isEqualTo(old.getPublicKey());
    assertThat(trust.verify(new X509Certificate[] {old}, PeerPart.DIALER).issuer())
        .isEqualTo(a.fingerprint());
    write(b);
    assertThat(trust.refresh()).isTrue();
    assertThat(trust.refresh()).isFalse();
    assertThat(trust.generation()).isEqualTo(4);
    assertThat(trust.fingerprints()).containsExactly(b.fingerprint());
    assertThatThrownBy(() -> trust.verify(new X509Certificate[] {old}, PeerPart.DIALER))
        .isInstanceOf(PeerRefusedException.class);
  }

  @Test
  void aBadReloadKeepsTheKeysAndIsToldOnce() throws Exception {
    Trust trust = open(Set.of());
    Files.writeString(file, "garbage");

    assertThat(catchThrowableOfType(ClusterKeyException.class, trust::refresh).reason())
        .isEqualTo(Reason.MALFORMED);
    assertThat(trust.refresh()).isFalse();
    assertThat(trust.fingerprints()).containsExactly(a.fingerprint());
    Files.delete(file);
    assertThat(catchThrowableOfType(ClusterKeyException.class, trust::refresh).reason())
        .isEqualTo(Reason.UNREADABLE);
    write(a);
    assertThat(trust.refresh()).isFalse();
    assertThat(trust.generation()).isEqualTo(1);
    Files.delete(file);
    assertThat(catchThrowableOfType(ClusterKeyException.class, trust::refresh).reason())
        .isEqualTo(Reason.UNREADABLE);
  }

  @Test
  void onlyTheOneThatMadeTheKeySaysSo() {
    KeySource user = KeySource.ofUser("shop", Map.of("HOME", directory.toString()));

    assertThat(Trust.open("shop", "n1", Set.of(), user, time).keyWasCreated()).isTrue();
    assertThat(Trust.open("shop", "n2", Set.of(), user, time).keyWasCreated()).isFalse();
  }

  @Test
  void impossibleNamesAndRolesAreRefused() {
    KeySource source = KeySource.file(file);
    Set<String> tooMany = new HashSet<>();
    for (int i = 0; i < 33; i++) {
      tooMany.add("r" + i);
    }

    for (String role : List.of("", "Admin", "a b", "a,b", "-a", "r".repeat(64))) {
      assertThatThrownBy(() -> Trust.open("shop", "n", Set.of(role), source, time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("role");
    }
    assertThatThrownBy(() -> Trust.open("shop", "n", tooMany, source, time))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Trust.open("Shop", "n", Set.of(), source, time))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Trust.open("shop", "n/1", Set.of(), source, time))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLargestPossibleCertificateIsAcceptedByItsPeers() throws Exception {
    Set<String> roles = new HashSet<>();
    for (int i = 10; i < 42; i++) {
      roles.add(i + "r".repeat(61));
    }
    String cluster = "c".repeat(63);
    Trust trust = Trust.open(cluster, "n".repeat(63), roles, KeySource.literal(a.text()), time);

    assertThat(trust.certificate().getEncoded().length)
        .isLessThan(PeerVerifier.MAX_CERTIFICATE_BYTES / 2);
    assertThat(trust.verify(new X509Certificate[] {trust.certificate()}, PeerPart.ACCEPTOR))
        .isEqualTo(trust.self());
  }

  @Test
  void anImpossibleClockIsFoundAtTheStart() {
    time.millis = 0;

    assertThatThrownBy(() -> open(Set.of()))
        .isInstanceOf(ClusterKeyException.class)
        .hasMessageContaining("clock");
  }

  @Test
  void aClockAnHourOffIsNoTrouble() throws Exception {
    Trust slow = open(Set.of());
    X509Certificate minted = slow.certificate();

    for (int hours : List.of(-23, -1, 1, 23)) {
      TestTime other = new TestTime(Forge.NOW + hours * 3_600_000L);
      Trust peer = Trust.open("shop", "n2", Set.of(), KeySource.file(file), other);
      assertThat(peer.verify(new X509Certificate[] {minted}, PeerPart.DIALER)).isNotNull();
      assertThat(slow.verify(new X509Certificate[] {peer.certificate()}, PeerPart.ACCEPTOR))
          .isNotNull();
    }
  }

  private Trust open(Set<String> roles) {
    return Trust.open("shop", "n1", roles, KeySource.file(file), time);
  }

  private void write(ClusterKey... keys) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ClusterKey k : keys) {
      text.append(k.text()).append('\n');
    }
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
