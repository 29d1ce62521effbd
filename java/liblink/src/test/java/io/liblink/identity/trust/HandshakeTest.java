package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.PeerRefusedException.Reason;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both TLS providers with the key manager and the trust manager of this library. */
class HandshakeTest {
  private static final ClusterKey KEY_A = ClusterKey.generate();
  private static final ClusterKey KEY_B = ClusterKey.generate();
  private static final ClusterCa CA_A = ClusterCa.derive(KEY_A.secret());
  private static final ClusterCa CA_B = ClusterCa.derive(KEY_B.secret());

  private final TestTime time = new TestTime(Forge.NOW);

  static Stream<Arguments> providers() {
    return Stream.of(Tls.values())
        .flatMap(a -> Stream.of(Tls.values()).map(b -> Arguments.of(a, b)));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void twoNodesOfAClusterSeeWhoTheOtherIs(Tls dialing, Tls accepting) throws Exception {
    Trust a = node("a", Set.of("edge"), KEY_A);
    Trust b = node("b", Set.of(), KEY_A);
    Tls.Side client = Tls.side(dialing.engine(true, a.keyManager(), a.trustManager()));
    Tls.Side server = Tls.side(accepting.engine(false, b.keyManager(), b.trustManager()));

    Tls.shakeHands(client, server);

    assertThat(client.failure).isNull();
    assertThat(server.failure).isNull();
    assertThat(client.isUp()).isTrue();
    assertThat(server.isUp()).isTrue();
    assertThat(a.verify(client.engine.getSession().getPeerCertificates(), PeerPart.ACCEPTOR))
        .isEqualTo(b.self());
    assertThat(b.verify(server.engine.getSession().getPeerCertificates(), PeerPart.DIALER))
        .isEqualTo(a.self())
        .hasToString("spiffe://shop/node/a");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void theSideThatDecidesNamesBothKeys(Tls dialing, Tls accepting) throws Exception {
    Trust a = node("a", Set.of(), KEY_A);
    Trust b = node("b", Set.of(), KEY_B);
    Tls.Side client = Tls.side(dialing.engine(true, a.keyManager(), a.trustManager()));
    Tls.Side server = Tls.side(accepting.engine(false, b.keyManager(), b.trustManager()));

    Tls.shakeHands(client, server);

    // The client sees the server's certificate first, so it decides; the server gets an alert.
    assertThat(refusal(client).reason()).isEqualTo(Reason.OTHER_KEY);
    assertThat(refusal(client))
        .hasMessageContaining("issued by " + CA_B.fingerprint())
        .hasMessageContaining("we trust " + CA_A.fingerprint());
    assertThat(server.isUp()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Tls.class)
  void aClientWithoutACertificateIsRefused(Tls accepting) throws Exception {
    Trust b = node("b", Set.of(), KEY_A);
    Tls.Side client = Tls.side(Tls.JDK.engine(true, null, trustsAnybody()));
    Tls.Side server = Tls.side(accepting.engine(false, b.keyManager(), b.trustManager()));

    Tls.shakeHands(client, server);

    assertThat(refusal(server).reason()).isEqualTo(Reason.NO_CERTIFICATE);
    assertThat(server.isUp()).isFalse();
  }

  @TestFactory
  Stream<DynamicTest> whoeverDecidesRefusesAnIntruder() {
    return intruders().entrySet().stream()
        .flatMap(i -> Stream.of(Tls.values())
            .flatMap(tls -> Stream.of(PeerPart.values())
                .map(part -> DynamicTest.dynamicTest(
                    i.getKey() + ", " + tls + ", " + part, () -> intrude(tls, part, i.getKey())))));
  }

  private void intrude(Tls tls, PeerPart part, String how) throws Exception {
    Trust node = node("b", Set.of(), KEY_A);
    Forge forge = new Forge(CA_A);
    intruders().get(how).accept(forge);
    X509Certificate[] shown = chain(forge);
    OwnKey stolen = new OwnKey(forge::privateKey, () -> shown);
    boolean dialer = part == PeerPart.DIALER;
    Tls.Side intruder = Tls.side(Tls.JDK.engine(dialer, stolen, trustsAnybody()));
    Tls.Side side = Tls.side(tls.engine(!dialer, node.keyManager(), node.trustManager()));

    Tls.shakeHands(dialer ? intruder : side, dialer ? side : intruder);

    assertThat(refusal(side).reason()).isEqualTo(Reason.valueOf(how.split(":")[0]));
    assertThat(side.isUp()).isFalse();
  }

  private static X509Certificate[] chain(Forge forge) {
    List<X509Certificate> chain = new ArrayList<>(List.of(Credentials.x509(forge.der())));
    forge.chain.forEach(der -> chain.add(Credentials.x509(der)));
    return chain.toArray(X509Certificate[]::new);
  }

  private static Map<String, Consumer<Forge>> intruders() {
    Map<String, Consumer<Forge>> all = new TreeMap<>();
    all.put("OTHER_KEY: another cluster's key", f -> {
      f.issuer = CA_B.name();
      f.signing = CA_B::certify;
    });
    all.put("EXPIRED: an hour ago", f -> f.notAfter = Der.utcTime(Forge.NOW - 3_600_000));
    all.put("NOT_YET_VALID: an hour early", f -> f.notBefore = Der.utcTime(Forge.NOW + 3_600_000));
    all.put("FORGED: signed by itself, with a stolen name", f -> f.signing = signedBy(f));
    all.put("FORGED: signed by another cluster's key", f -> f.signing = CA_B::certify);
    all.put("UNKNOWN_ISSUER: a node's key as the issuer", f -> {
      Forge issuer = new Forge(CA_A);
      f.issuer = Der.sequence(
          Der.tlv(Der.SET, Der.sequence(Forge.hex("060355040a"), Der.utf8("pricing"))),
          Der.tlv(Der.SET, Der.sequence(Forge.hex("0603550403"), Der.utf8("a"))));
      f.signing = signedBy(issuer);
      f.chain = List.of(issuer.der(), CA_A.certificate());
    });
    all.put("FORGED: our root sent along", f -> {
      f.signing = signedBy(f);
      f.chain = List.of(CA_A.certificate());
    });
    all.put(
        "BAD_IDENTITY: two names",
        f -> f.names =
            Forge.names(Forge.uri("spiffe://shop/node/a"), Forge.uri("spiffe://shop/node/b")));
    all.put("BAD_IDENTITY: a host name only", f -> f.names = Forge.names(Forge.dns("a.example")));
    all.put(
        "CA_CERTIFICATE: an authority of its own",
        f -> f.constraints = Forge.extension("551d13", true, Forge.hex("30030101ff")));
    all.put(
        "WRONG_USAGE: for mail only",
        f -> f.usages = Forge.extension("551d25", false, Forge.hex("300a06082b06010505070304")));
    all.put(
        "OTHER_CLUSTER: same key", f -> f.names = Forge.names(Forge.uri("spiffe://test/node/a")));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> aKeyIsRotatedInThreeStepsWithoutAFailure() {
    List<List<ClusterKey>> states =
        List.of(List.of(KEY_A), List.of(KEY_A, KEY_B), List.of(KEY_B, KEY_A), List.of(KEY_B));
    return states.stream()
        .flatMap(x -> states.stream()
            .flatMap(y -> Stream.of(Tls.values())
                .map(tls -> DynamicTest.dynamicTest(
                    states.indexOf(x) + " dials " + states.indexOf(y) + ", " + tls, () -> {
                      boolean expected = x.contains(y.get(0)) && y.contains(x.get(0));
                      int steps = Math.abs(states.indexOf(x) - states.indexOf(y));

                      assertThat(connects(tls, x, y)).isEqualTo(expected);
                      assertThat(expected).as("neighbouring steps connect").isEqualTo(steps < 2);
                    }))));
  }

  private boolean connects(Tls tls, List<ClusterKey> dialing, List<ClusterKey> accepting)
      throws Exception {
    Trust a = node("a", Set.of(), dialing.toArray(ClusterKey[]::new));
    Trust b = node("b", Set.of(), accepting.toArray(ClusterKey[]::new));
    Tls.Side client = Tls.side(tls.engine(true, a.keyManager(), a.trustManager()));
    Tls.Side server = Tls.side(tls.engine(false, b.keyManager(), b.trustManager()));
    Tls.shakeHands(client, server);
    return client.isUp() && server.isUp();
  }

  private Trust node(String name, Set<String> roles, ClusterKey... keys) {
    String text = Stream.of(keys).map(ClusterKey::text).collect(Collectors.joining(","));
    return Trust.open("shop", name, roles, KeySource.literal(text), time);
  }

  private static PeerRefusedException refusal(Tls.Side side) {
    PeerRefusedException found = PeerRefusedException.in(side.failure);
    assertThat(found).as("the refusal in %s", side.failure).isNotNull();
    return found;
  }

  private static UnaryOperator<byte[]> signedBy(Forge signer) {
    return tbs -> {
      try {
        Signature ecdsa = Signature.getInstance("SHA256withECDSA");
        ecdsa.initSign(signer.privateKey());
        ecdsa.update(tbs);
        return Der.sequence(tbs, signer.algorithm, Der.bitString(ecdsa.sign()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** What an intruder uses: it does not care whom it talks to. */
  private static PeerTrust trustsAnybody() {
    return new PeerTrust((chain, part) -> {}, () -> new X509Certificate[0]);
  }
}
