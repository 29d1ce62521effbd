package io.liblink.identity.trust;

import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import io.liblink.identity.x509.DerException;
import io.liblink.identity.x509.DerReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a peer's certificate, cut out but not judged: the frame is read at once, so that a
 * certificate of another PKI can still be named as such; what is inside a part only when it is asked
 * for, once. Not thread-safe.
 */
final class PeerCertificate {
  private static final byte[] VERSION_3 = {0x02, 0x01, 0x02};
  private static final String COMMON_NAME = "550403";
  private static final String ORGANISATION = "55040a";

  final byte[] tbs;
  final byte[] issuer;
  final byte[] spki;
  final byte[] signature;
  private final byte[] innerAlgorithm;
  private final byte[] outerAlgorithm;
  private final byte[] version;
  private final DerReader validity;
  private final DerReader subject;
  private final DerReader tail;

  PeerCertificate(byte[] der) throws DerException {
    DerReader all = new DerReader(der);
    DerReader certificate = all.enter(Der.SEQUENCE);
    all.end();
    this.tbs = certificate.element(Der.SEQUENCE);
    this.outerAlgorithm = certificate.element(Der.SEQUENCE);
    this.signature = certificate.content(Der.BIT_STRING);
    certificate.end();

    DerReader fields = new DerReader(tbs).enter(Der.SEQUENCE);
    this.version = fields.peek() == 0xa0 ? fields.content(0xa0) : new byte[0];
    fields.enter(Der.INTEGER);
    this.innerAlgorithm = fields.element(Der.SEQUENCE);
    this.issuer = fields.element(Der.SEQUENCE);
    this.validity = fields.enter(Der.SEQUENCE);
    this.subject = fields.enter(Der.SEQUENCE);
    this.spki = fields.element(Der.SEQUENCE);
    this.tail = fields;
  }

  /** Whether it is of version 3, with ECDSA and SHA-256 named both times. */
  boolean hasOurForm() {
    return Arrays.equals(version, VERSION_3)
        && ClusterCa.isEcdsaWithSha256(innerAlgorithm)
        && ClusterCa.isEcdsaWithSha256(outerAlgorithm);
  }

  /** The issuer's fingerprint, or null when the issuer is no cluster key. */
  @Nullable
  String issuerFingerprint() {
    try {
      DerReader name = new DerReader(issuer).enter(Der.SEQUENCE);
      DerReader attribute = name.enter(Der.SET).enter(Der.SEQUENCE);
      String oid = HexFormat.of().formatHex(attribute.content(Der.OID));
      String text = latin(attribute.content(Der.UTF8_STRING));
      return name.peek() < 0 && oid.equals(COMMON_NAME) && text.matches("liblink-ca-[a-z2-7]{16}")
          ? text
          : null;
    } catch (DerException e) {
      return null;
    }
  }

  /** Not-before and not-after, milliseconds since 1970. */
  long[] validity() throws DerException {
    long[] both = {validity.utcTime(), validity.utcTime()};
    validity.end();
    return both;
  }

  /** Every O of the subject, as it stands there. */
  Set<String> organisations() throws DerException {
    Set<String> found = new LinkedHashSet<>();
    while (subject.peek() >= 0) {
      DerReader relative = subject.enter(Der.SET);
      while (relative.peek() >= 0) {
        DerReader attribute = relative.enter(Der.SEQUENCE);
        String oid = HexFormat.of().formatHex(attribute.content(Der.OID));
        byte[] value = attribute.content(attribute.peek());
        attribute.end();
        if (oid.equals(ORGANISATION)) {
          found.add(latin(value));
        }
      }
    }
    return found;
  }

  /** The extensions by the hexadecimal content of their OID. */
  Map<String, Extension> extensions() throws DerException {
    Map<String, Extension> found = new HashMap<>();
    DerReader wrapper = tail.enter(0xa3);
    tail.end();
    DerReader list = wrapper.enter(Der.SEQUENCE);
    wrapper.end();
    while (list.peek() >= 0) {
      DerReader one = list.enter(Der.SEQUENCE);
      String oid = HexFormat.of().formatHex(one.content(Der.OID));
      boolean critical = one.peek() == Der.BOOLEAN && isTrue(one.content(Der.BOOLEAN));
      Extension extension = new Extension(critical, one.enter(Der.OCTET_STRING));
      one.end();
      if (found.put(oid, extension) != null) {
        throw new DerException("an extension that stands there twice");
      }
    }
    return found;
  }

  /** One extension; its value can be read once. */
  record Extension(boolean critical, DerReader value) {
    /** The one element that the value must be. */
    DerReader enter(int tag) throws DerException {
      DerReader content = value.enter(tag);
      value.end();
      return content;
    }
  }

  static boolean isTrue(byte[] bool) throws DerException {
    if (bool.length != 1 || (bool[0] != 0 && bool[0] != -1)) {
      throw new DerException("a BOOLEAN that is neither true nor false");
    }
    return bool[0] != 0;
  }

  /** One character for each byte, so that a grammar of ASCII can refuse the others. */
  static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
