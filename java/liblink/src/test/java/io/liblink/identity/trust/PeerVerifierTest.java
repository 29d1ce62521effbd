package io.liblink.identity.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.PeerRefusedException.Reason;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import io.liblink.testing.Gen;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerVerifierTest {
  private static final long NOW = Forge.NOW;
  private static final ClusterCa OURS = ca();
  private static final ClusterCa SECOND = ca();
  private static final ClusterCa FOREIGN = ca();

  private final PeerVerifier verifier =
      new PeerVerifier("shop", List.of(OURS, SECOND), "the key file /k");

  @ParameterizedTest
  @EnumSource(PeerPart.class)
  void aGoodCertificateGivesWhoItIs(PeerPart part) throws Exception {
    Forge forge = new Forge(OURS);
    forge.organisations = List.of("pricing", "edge");

    assertThat(verifier.verify(forge.der(), part, NOW))
        .isEqualTo(new Identity(
            "shop",
            "a",
            Set.of("edge", "pricing"),
            Identity.Trust.CLUSTER_KEY,
            OURS.fingerprint()));
  }

  @Test
  void theSecondKeyIsAcceptedToo() throws Exception {
    assertThat(verifier.verify(new Forge(SECOND).der(), PeerPart.DIALER, NOW).issuer())
        .isEqualTo(SECOND.fingerprint());
  }

  static Stream<Arguments> tolerated() {
    return Stream.of(
        good("no roles", f -> f.organisations = List.of()),
        good("the most roles", f -> f.organisations = roles(32)),
        good("one role twice", f -> f.organisations = List.of("pricing", "pricing")),
        good("PrintableString", f -> f.organisationTag = Der.PRINTABLE_STRING),
        good("no basic constraints", f -> f.constraints = new byte[0]),
        good(
            "CA:FALSE written out",
            f -> f.constraints = Forge.extension("551d13", true, Forge.hex("3003010100"))),
        good("unknown extension", f -> f.more = Forge.extension("2a03", false, new byte[3])),
        good(
            "longest node name",
            f -> f.names = Forge.names(Forge.uri("spiffe://shop/node/" + "n".repeat(63)))),
        good(
            "critical alternative name",
            f -> f.names =
                Forge.extension("551d11", true, Der.sequence(Forge.uri("spiffe://shop/node/a")))),
        good("first second", f -> f.notBefore = Der.utcTime(NOW)),
        good("last second", f -> f.notAfter = Der.utcTime(NOW)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tolerated")
  void whatTheProfileLeavesOpenIsAccepted(String name, Consumer<Forge> change) {
    Forge forge = new Forge(OURS);
    change.accept(forge);

    assertThatCode(() -> verifier.verify(forge.der(), PeerPart.DIALER, NOW))
        .doesNotThrowAnyException();
  }

  static Stream<Arguments> refused() {
    return Stream.of(identities(), profiles(), forgeries(), shapes()).flatMap(s -> s);
  }

  private static Stream<Arguments> identities() {
    return Stream.of(
        bad("no name", Reason.BAD_IDENTITY, f -> f.names = new byte[0]),
        bad("empty names", Reason.BAD_IDENTITY, f -> f.names = Forge.names()),
        bad(
            "two URIs",
            Reason.BAD_IDENTITY,
            f -> f.names =
                Forge.names(Forge.uri("spiffe://shop/node/a"), Forge.uri("spiffe://shop/node/b"))),
        bad(
            "a URI and a DNS name",
            Reason.BAD_IDENTITY,
            f -> f.names = Forge.names(Forge.uri("spiffe://shop/node/a"), Forge.dns("a.example"))),
        bad(
            "a DNS name and a URI",
            Reason.BAD_IDENTITY,
            f -> f.names = Forge.names(Forge.dns("a.example"), Forge.uri("spiffe://shop/node/a"))),
        bad(
            "a DNS name",
            Reason.BAD_IDENTITY,
            f -> f.names = Forge.names(Forge.dns("spiffe://shop/node/a"))),
        uri("", Reason.BAD_IDENTITY),
        uri("https://shop/node/a", Reason.BAD_IDENTITY),
        uri("SPIFFE://shop/node/a", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/.", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/..", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/a/b", Reason.BAD_IDENTITY),
        uri("spiffe://shop/svc/a", Reason.BAD_IDENTITY),
        uri("spiffe://shop//node/a", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/a?x", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/a\n", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/a\0", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/a%2f", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/\u00e9", Reason.BAD_IDENTITY),
        uri("spiffe://me@shop/node/a", Reason.BAD_IDENTITY),
        uri("spiffe://shop:1/node/a", Reason.BAD_IDENTITY),
        uri("spiffe://Shop/node/a", Reason.BAD_IDENTITY),
        uri(" spiffe://shop/node/a", Reason.BAD_IDENTITY),
        uri("spiffe://shop/node/" + "n".repeat(64), Reason.BAD_IDENTITY),
        uri("spiffe://" + "s".repeat(64) + "/node/a", Reason.BAD_IDENTITY),
        uri("spiffe://shops/node/a", Reason.OTHER_CLUSTER),
        uri("spiffe://sho/node/a", Reason.OTHER_CLUSTER),
        uri("spiffe://shop.evil/node/a", Reason.OTHER_CLUSTER),
        role(""),
        role("Admin"),
        role("-a"),
        role("a b"),
        role("a,O=b"),
        role("r".repeat(64)),
        role("a\u0000b"),
        role("\u00e9"),
        bad("33 roles", Reason.BAD_IDENTITY, f -> f.organisations = roles(33)));
  }

  private static Stream<Arguments> profiles() {
    return Stream.of(
        bad(
            "CA:TRUE",
            Reason.CA_CERTIFICATE,
            f -> f.constraints = Forge.extension("551d13", true, Forge.hex("30030101ff"))),
        bad(
            "CA:TRUE, not critical",
            Reason.CA_CERTIFICATE,
            f -> f.constraints = Forge.extension("551d13", false, Forge.hex("30060101ff020100"))),
        bad("no key usage", Reason.WRONG_USAGE, f -> f.keyUsage = new byte[0]),
        bad(
            "key usage: agreement only",
            Reason.WRONG_USAGE,
            f -> f.keyUsage = Forge.extension("551d0f", true, Forge.hex("03020308"))),
        bad(
            "key usage: no bits",
            Reason.WRONG_USAGE,
            f -> f.keyUsage = Forge.extension("551d0f", true, Forge.hex("030100"))),
        bad("no extended key usage", Reason.WRONG_USAGE, f -> f.usages = new byte[0]),
        bad(
            "extended key usage: server only",
            Reason.WRONG_USAGE,
            f ->
                f.usages = Forge.extension("551d25", false, Forge.hex("300a06082b06010505070301"))),
        bad(
            "extended key usage: any",
            Reason.WRONG_USAGE,
            f -> f.usages = Forge.extension("551d25", false, Forge.hex("30060604551d2500"))),
        bad(
            "extended key usage: code signing",
            Reason.WRONG_USAGE,
            f ->
                f.usages = Forge.extension("551d25", false, Forge.hex("300a06082b06010505070303"))),
        bad("expired a second ago", Reason.EXPIRED, f -> f.notAfter = Der.utcTime(NOW - 1000)),
        bad("expired for years", Reason.EXPIRED, f -> f.notAfter = Der.utcTime(0)),
        bad("valid in a second", Reason.NOT_YET_VALID, f -> f.notBefore = Der.utcTime(NOW + 1000)),
        bad(
            "valid in years",
            Reason.NOT_YET_VALID,
            f -> f.notBefore = Der.utcTime(2_500_000_000_000L)),
        bad(
            "unknown critical extension",
            Reason.MALFORMED,
            f -> f.more = Forge.extension("551d1e", true, Forge.hex("3000"))));
  }

  private static Stream<Arguments> forgeries() {
    return Stream.of(
        bad("another cluster key", Reason.OTHER_KEY, f -> {
          f.issuer = FOREIGN.name();
          f.signing = FOREIGN::certify;
        }),
        bad("our name, another cluster key", Reason.FORGED, f -> f.signing = FOREIGN::certify),
        bad("our name, signed by our second key", Reason.FORGED, f -> f.signing = SECOND::certify),
        bad("our name, signed by itself", Reason.FORGED, f -> f.signing = tbs -> signedBy(f, tbs)),
        bad("a node's key as issuer", Reason.UNKNOWN_ISSUER, f -> {
          f.issuer = name(Der.utf8("a"));
          f.signing = tbs -> signedBy(f, tbs);
        }),
        bad(
            "our name in another string type",
            Reason.UNKNOWN_ISSUER,
            f -> f.issuer =
                name(Der.tlv(Der.PRINTABLE_STRING, OURS.fingerprint().getBytes(US_ASCII)))),
        bad("no issuer", Reason.UNKNOWN_ISSUER, f -> f.issuer = Der.sequence()),
        bad(
            "an empty signature",
            Reason.FORGED,
            f -> f.signing = tbs -> Der.sequence(tbs, f.algorithm, Der.tlv(Der.BIT_STRING))),
        bad(
            "a signature of zeros",
            Reason.FORGED,
            f -> f.signing = tbs ->
                Der.sequence(tbs, f.algorithm, Der.bitString(Forge.hex("3006020100020100")))),
        bad(
            "a signature that is no DER",
            Reason.FORGED,
            f -> f.signing = tbs -> Der.sequence(tbs, f.algorithm, Der.bitString(new byte[64]))),
        bad(
            "a huge signature",
            Reason.FORGED,
            f -> f.signing = tbs -> Der.sequence(tbs, f.algorithm, Der.bitString(new byte[3000]))),
        bad(
            "another outer algorithm",
            Reason.MALFORMED,
            f -> f.signing = tbs -> Der.sequence(
                tbs, Forge.hex("300a06082a8648ce3d040303"), Der.bitString(new byte[64]))),
        bad(
            "another inner algorithm",
            Reason.MALFORMED,
            f -> f.algorithm = Forge.hex("300a06082a8648ce3d040303")));
  }

  private static Stream<Arguments> shapes() {
    return Stream.of(
        bad("version 1", Reason.MALFORMED, f -> f.version = new byte[0]),
        bad("version 2", Reason.MALFORMED, f -> f.version = Forge.hex("a003020101")),
        bad("unique identifiers", Reason.MALFORMED, f -> f.afterKey = Forge.hex("810100")),
        bad("something after the extensions", Reason.MALFORMED, f -> f.trailer = Forge.hex("0500")),
        bad("an extension twice", Reason.MALFORMED, f -> f.more = f.names),
        bad(
            "CA:FALSE and CA:TRUE",
            Reason.MALFORMED,
            f -> f.more = Forge.extension("551d13", true, Forge.hex("30030101ff"))),
        bad(
            "a BOOLEAN of 1",
            Reason.MALFORMED,
            f -> f.constraints = Forge.extension("551d13", true, Forge.hex("3003010101"))),
        bad(
            "bytes behind an extension's value",
            Reason.MALFORMED,
            f -> f.constraints = Forge.extension("551d13", true, Forge.hex("300000"))),
        bad(
            "GeneralizedTime",
            Reason.MALFORMED,
            f -> f.notAfter = Der.tlv(0x18, "20300601000000Z".getBytes(US_ASCII))),
        bad("a key on another curve", Reason.MALFORMED, f -> f.spki = otherKey("EC", 384)),
        bad("an RSA key", Reason.MALFORMED, f -> f.spki = otherKey("RSA", 1024)),
        bad(
            "too large",
            Reason.MALFORMED,
            f -> f.more = Forge.extension("2a03", false, new byte[8192])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatBreaksTheProfileIsRefused(String name, Reason reason, Consumer<Forge> change) {
    Forge forge = new Forge(OURS);
    change.accept(forge);

    PeerRefusedException e = refusal(forge.der(), PeerPart.DIALER);
    assertThat(e.reason()).isEqualTo(reason);
    assertThat(e.getMessage()).matches("[ -~]{30,600}");
  }

  @Test
  void aPeerWithoutACertificateIsRefused() {
    assertThat(refusal(null, PeerPart.DIALER).reason()).isEqualTo(Reason.NO_CERTIFICATE);
    assertThat(refusal(new byte[0], PeerPart.DIALER).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aServerNeedsTheUsageOfAServer() throws Exception {
    Forge forge = new Forge(OURS);
    forge.usages = Forge.extension("551d25", false, Forge.hex("300a06082b06010505070302"));

    assertThat(verifier.verify(forge.der(), PeerPart.DIALER, NOW)).isNotNull();
    assertThat(refusal(forge.der(), PeerPart.ACCEPTOR))
        .hasMessageContaining("serverAuth")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_USAGE));
  }

  @Test
  void anotherKeyIsNamedWithBothFingerprints() {
    assertThat(refusal(new Forge(FOREIGN).der(), PeerPart.DIALER))
        .hasMessageContaining("the peer was issued by " + FOREIGN.fingerprint())
        .hasMessageContaining("we trust " + OURS.fingerprint() + " and " + SECOND.fingerprint())
        .hasMessageContaining("/k");
  }

  @Test
  void aWrongClockIsNamedWithItsDistance() {
    Forge late = new Forge(OURS);
    late.notAfter = Der.utcTime(NOW - 5_400_000);
    Forge early = new Forge(OURS);
    early.notBefore = Der.utcTime(NOW + 3 * 86_400_000L);

    assertThat(refusal(late.der(), PeerPart.DIALER))
        .hasMessageContaining("valid until 2030-05-06T05:38:09Z, 1 h 30 min ago")
        .hasMessageContaining("our clock (2030-05-06T07:08:09Z)")
        .hasMessageContaining("at least 37 h 30 min apart")
        .hasMessageContaining("date -u");
    assertThat(refusal(early.der(), PeerPart.DIALER))
        .hasMessageContaining("valid from 2030-05-09T07:08:09Z, which is 3 d ahead")
        .hasMessageContaining("at least 4 d apart");
  }

  @Test
  void aStrangersTextIsMadeSafeForTheLog() {
    Forge forge = new Forge(OURS);
    forge.names = Forge.names(Forge.uri("x\n\u001b[31mFAKE " + "y".repeat(500)));

    assertThat(refusal(forge.der(), PeerPart.DIALER).getMessage())
        .contains("'x??[31mFAKE ")
        .hasSizeLessThan(400);
  }

  @Test
  void everyChangedByteIsRefused() throws Exception {
    byte[] good = new Forge(OURS).der();
    verifier.verify(good, PeerPart.DIALER, NOW);

    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 0x10;
      assertThat(refusal(changed, PeerPart.DIALER).getMessage())
          .as("byte %d", i)
          .isNotEmpty();
    }
  }

  @Test
  void everyCutIsRefused() {
    byte[] good = new Forge(OURS).der();

    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThat(refusal(cut, PeerPart.DIALER).reason()).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void signedGarbageIsRefusedAndNothingElseIsThrown() {
    Gen.check(400, gen -> {
      Forge forge = new Forge(OURS);
      byte[] junk = gen.bytes(gen.oneOf(4, 40, 300));
      switch (gen.between(0, 7)) {
        case 0 -> forge.names = junk;
        case 1 -> forge.names = Forge.extension("551d11", false, junk);
        case 2 -> forge.constraints = Forge.extension("551d13", true, junk);
        case 3 -> forge.usages = Forge.extension("551d25", false, junk);
        case 4 -> forge.keyUsage = Forge.extension("551d0f", true, junk);
        case 5 -> forge.notBefore = junk;
        case 6 -> forge.spki = junk;
        default -> forge.organisations = List.of(gen.text(20));
      }
      try {
        assertThat(verifier.verify(forge.der(), PeerPart.DIALER, NOW).node()).isEqualTo("a");
      } catch (PeerRefusedException e) {
        assertThat(e.getMessage()).matches("[ -~]{30,600}");
      }
    });
  }

  @Test
  void aRememberedSignatureIsStillJudgedByTheClock() throws Exception {
    byte[] good = new Forge(OURS).der();
    verifier.verify(good, PeerPart.DIALER, NOW);
    verifier.verify(good, PeerPart.ACCEPTOR, NOW);

    assertThat(catchThrowableOfType(
                PeerRefusedException.class,
                () -> verifier.verify(good, PeerPart.DIALER, NOW + 4 * 86_400_000L))
            .reason())
        .isEqualTo(Reason.EXPIRED);
  }

  private PeerRefusedException refusal(byte @Nullable [] der, PeerPart part) {
    PeerRefusedException e =
        catchThrowableOfType(PeerRefusedException.class, () -> verifier.verify(der, part, NOW));
    assertThat(e).as("a refusal").isNotNull();
    return e;
  }

  private static Arguments good(String name, Consumer<Forge> change) {
    return Arguments.of(name, change);
  }

  private static Arguments bad(String name, Reason reason, Consumer<Forge> change) {
    return Arguments.of(name, reason, change);
  }

  private static Arguments uri(String uri, Reason reason) {
    return bad("URI " + uri, reason, f -> f.names = Forge.names(Forge.uri(uri)));
  }

  private static Arguments role(String role) {
    return bad("role " + role, Reason.BAD_IDENTITY, f -> f.organisations = List.of(role));
  }

  private static List<String> roles(int count) {
    List<String> roles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      roles.add("r" + i + "-".repeat(50));
    }
    return roles;
  }

  private static byte[] name(byte[] value) {
    return Der.sequence(Der.tlv(Der.SET, Der.sequence(Forge.hex("0603550403"), value)));
  }

  private static byte[] signedBy(Forge forge, byte[] tbs) {
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initSign(forge.privateKey());
      ecdsa.update(tbs);
      return Der.sequence(tbs, forge.algorithm, Der.bitString(ecdsa.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] otherKey(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair().getPublic().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClusterCa ca() {
    return ClusterCa.derive(ClusterKey.generate().secret());
  }
}
