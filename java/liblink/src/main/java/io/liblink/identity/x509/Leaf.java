package io.liblink.identity.x509;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node's certificate says about it.
 *
 * @param cluster the trust domain
 * @param node the node
 * @param roles its roles
 */
public record Leaf(String cluster, String node, Set<String> roles) {
  private static final byte[] KEY_USAGE_DIGITAL_SIGNATURE =
      Der.hex("300e0603551d0f0101ff040403020780");
  private static final byte[] NOT_A_CA = Der.hex("300c0603551d130101ff04023000");
  private static final byte[] SERVER_AND_CLIENT_AUTH =
      Der.hex("301d0603551d250416301406082b0601050507030106082b06010505070302");
  private static final byte[] ORGANISATION = Der.hex("060355040a");

  /**
   * Its certificate as DER, issued by {@code ca} for the public key {@code spki}, by the profile of
   * {@code spec/trust.md}, section 4. Times are milliseconds since 1970, written as whole seconds.
   */
  public byte[] certificate(ClusterCa ca, byte[] spki, long notBefore, long notAfter) {
    byte[] serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) ((serial[0] & 0x3f) | 0x40);
    byte[] name = ca.name();
    return ca.certify(Der.sequence(
        Der.hex("a003020102"),
        Der.tlv(Der.INTEGER, serial),
        ClusterCa.ECDSA_WITH_SHA256,
        name,
        Der.sequence(Der.utcTime(notBefore), Der.utcTime(notAfter)),
        subject(),
        spki,
        Der.tlv(
            0xa3,
            Der.sequence(
                KEY_USAGE_DIGITAL_SIGNATURE,
                NOT_A_CA,
                SERVER_AND_CLIENT_AUTH,
                extension("551d23", Der.sequence(Der.tlv(0x80, ca.keyId()))),
                extension("551d11", Der.sequence(Der.tlv(0x86, ascii(uri()))))))));
  }

  private String uri() {
    return "spiffe://" + cluster + "/node/" + node;
  }

  private byte[] subject() {
    SortedSet<String> sorted = new TreeSet<>(roles);
    byte[] names = new byte[0];
    for (String role : sorted) {
      names = P256.concat(names, Der.tlv(Der.SET, Der.sequence(ORGANISATION, Der.utf8(role))));
    }
    return Der.sequence(names, ClusterCa.commonName(node));
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.tlv(Der.OID, Der.hex(oid)), Der.tlv(Der.OCTET_STRING, value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
