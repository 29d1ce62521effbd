package io.liblink.identity.trust;

import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes certificates as an attacker or a careless tool would: every field can be wrong. The fields
 * start as a good certificate of {@code spiffe://shop/node/a}; written apart from the minting that it
 * tests.
 */
final class Forge {
  static final long NOW = Instant.parse("2030-05-06T07:08:09Z").toEpochMilli();
  private static final long HOUR = 3_600_000;

  final KeyPair keys = keyPair();
  final ClusterCa ca;
  byte[] version = hex("a003020102");
  byte[] algorithm = hex("300a06082a8648ce3d040302");
  byte[] issuer;
  byte[] notBefore = Der.utcTime(NOW - 24 * HOUR);
  byte[] notAfter = Der.utcTime(NOW + 72 * HOUR);
  List<String> organisations = new ArrayList<>(List.of("pricing"));
  int organisationTag = Der.UTF8_STRING;
  byte[] spki = keys.getPublic().getEncoded();
  byte[] afterKey = new byte[0];
  byte[] keyUsage = extension("551d0f", true, hex("03020780"));
  byte[] constraints = extension("551d13", true, hex("3000"));
  byte[] usages = extension("551d25", false, hex("301406082b0601050507030106082b06010505070302"));
  byte[] authorityKey;
  byte[] names = names(uri("spiffe://shop/node/a"));
  byte[] more = new byte[0];
  byte[] trailer = new byte[0];
  UnaryOperator<byte[]> signing;

  /** What is sent behind it. */
  List<byte[]> chain = List.of();

  Forge(ClusterCa ca) {
    this.ca = ca;
    this.issuer = ca.name();
    this.authorityKey = extension("551d23", false, Der.sequence(Der.tlv(0x80, ca.keyId())));
    this.signing = ca::certify;
  }

  byte[] der() {
    byte[] subject = new byte[0];
    for (String o : organisations) {
      byte[] value = Der.tlv(organisationTag, o.getBytes(StandardCharsets.UTF_8));
      subject = join(subject, Der.tlv(Der.SET, Der.sequence(hex("060355040a"), value)));
    }
    subject = join(subject, Der.tlv(Der.SET, Der.sequence(hex("0603550403"), Der.utf8("a"))));
    byte[] tbs = Der.sequence(
        version,
        hex("020500badc0ffe"),
        algorithm,
        issuer,
        Der.sequence(notBefore, notAfter),
        Der.sequence(subject),
        spki,
        afterKey,
        Der.tlv(0xa3, Der.sequence(keyUsage, constraints, usages, authorityKey, names, more)),
        trailer);
    return signing.apply(tbs);
  }

  PrivateKey privateKey() {
    return keys.getPrivate();
  }

  static byte[] extension(String oid, boolean critical, byte[] value) {
    return Der.sequence(
        Der.tlv(Der.OID, hex(oid)),
        critical ? hex("0101ff") : new byte[0],
        Der.tlv(Der.OCTET_STRING, value));
  }

  static byte[] names(byte[]... generalNames) {
    return extension("551d11", false, Der.sequence(generalNames));
  }

  static byte[] uri(String text) {
    return Der.tlv(0x86, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] dns(String text) {
    return Der.tlv(0x82, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  static byte[] join(byte[] a, byte[] b) {
    byte[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
