package io.liblink.identity.x509;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authority that follows from a cluster secret: the same key and, to the byte, the
 * same certificate on every node and in every language ({@code spec/trust.md}, section 3). Immutable
 * and safe to share between threads. Deriving one takes some milliseconds: keep it off event loops.
 */
public final class ClusterCa {
  static final byte[] ECDSA_WITH_SHA256 = Der.hex("300a06082a8648ce3d040302");
  static final byte[] SPKI_PREFIX = Der.hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
  private static final byte[] VALIDITY =
      Der.hex("301e170d3230303130313030303030305a170d3439313233313233353935395a");
  private static final byte[] EXTENSIONS = Der.hex("a3453043300e0603551d0f0101ff040403020204"
      + "30120603551d130101ff040830060101ff020100301d0603551d0e04160414");

  private final BigInteger scalar;
  private final PublicKey publicKey;
  private final byte[] spki;
  private final byte[] keyId;
  private final String fingerprint;
  private final byte[] name;
  private final byte[] serial;
  private volatile byte @Nullable [] certificate;

  private ClusterCa(BigInteger scalar) throws GeneralSecurityException {
    this.scalar = scalar;
    ECPoint point = P256.multiplyBase(scalar);
    this.publicKey = P256.publicKey(point);
    this.spki = P256.concat(SPKI_PREFIX, encoded(point));
    byte[] print = MessageDigest.getInstance("SHA-256").digest(spki);
    this.keyId = Arrays.copyOf(print, 20);
    this.fingerprint = "liblink-ca-" + Base32.encode(Arrays.copyOf(print, 10));
    this.name = Der.sequence(commonName(fingerprint));
    this.serial = Arrays.copyOf(print, 16);
    serial[0] = (byte) ((serial[0] & 0x3f) | 0x40);
  }

  /** The CA of a 32-byte secret. */
  public static ClusterCa derive(byte[] secret) {
    try {
      return new ClusterCa(scalar(outputKey(secret)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks P-256, HmacSHA256 or SHA-256", e);
    }
  }

  /** HKDF-SHA256 (RFC 5869) with fixed salt and info, 48 bytes. */
  static byte[] outputKey(byte[] secret) throws GeneralSecurityException {
    byte[] info = ascii("cluster-ca/p256");
    byte[] prk = P256.hmac(ascii("liblink/v1"), secret);
    byte[] first = P256.hmac(prk, info, new byte[] {1});
    byte[] second = P256.hmac(prk, first, info, new byte[] {2});
    return Arrays.copyOf(P256.concat(first, second), 48);
  }

  /** From 1 to n-1; 48 bytes keep the bias of the remainder near 2^-128. */
  static BigInteger scalar(byte[] outputKey) {
    return new BigInteger(1, outputKey).mod(P256.N.subtract(BigInteger.ONE)).add(BigInteger.ONE);
  }

  private static byte[] encoded(ECPoint point) {
    return P256.concat(
        new byte[] {4},
        P256.concat(P256.bytes32(point.getAffineX()), P256.bytes32(point.getAffineY())));
  }

  /** One relative name with a CN. */
  static byte[] commonName(String text) {
    return Der.tlv(Der.SET, Der.sequence(Der.hex("0603550403"), Der.utf8(text)));
  }

  /** Signs the inner part of a certificate and returns the whole. */
  public byte[] certify(byte[] tbs) {
    try {
      return Der.sequence(tbs, ECDSA_WITH_SHA256, Der.bitString(P256.sign(scalar, tbs)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing by P-256 failed", e);
    }
  }

  /** {@code liblink-ca-} and 16 characters that tell keys apart; safe to log and to show. */
  public String fingerprint() {
    return fingerprint;
  }

  /** What verifies its signatures. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Its X.501 name as DER, as it stands in every certificate that it issued. */
  public byte[] name() {
    return name.clone();
  }

  /** Its subject key identifier, 20 bytes. */
  public byte[] keyId() {
    return keyId.clone();
  }

  /** Its own certificate as DER: made when first asked for, since not every process sends it. */
  public byte[] certificate() {
    byte[] made = certificate;
    if (made == null) {
      made = certify(Der.sequence(
          Der.hex("a003020102"),
          Der.tlv(Der.INTEGER, serial),
          ECDSA_WITH_SHA256,
          name,
          VALIDITY,
          name,
          spki,
          P256.concat(EXTENSIONS, keyId)));
      certificate = made; // a race makes equal bytes twice
    }
    return made.clone();
  }

  /** Whether an algorithm identifier is the one that cluster CAs sign with. */
  public static boolean isEcdsaWithSha256(byte[] algorithm) {
    return Arrays.equals(ECDSA_WITH_SHA256, algorithm);
  }

  /** Whether a SubjectPublicKeyInfo holds an uncompressed point of P-256. */
  public static boolean isP256Key(byte[] info) {
    return info.length == SPKI_PREFIX.length + 65
        && Arrays.equals(SPKI_PREFIX, Arrays.copyOf(info, SPKI_PREFIX.length))
        && info[SPKI_PREFIX.length] == 4;
  }

  /** The private scalar. For the vectors. */
  BigInteger scalar() {
    return scalar;
  }

  @Override
  public String toString() {
    return fingerprint;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
