package io.liblink.identity.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The curve P-256 (secp256r1) as far as a derived CA needs it. Multiplication is the provider's, by
 * its ECDH; only what it does not offer is done here.
 */
final class P256 {
  static final BigInteger P =
      hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  static final BigInteger N =
      hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  private static final BigInteger A = P.subtract(BigInteger.valueOf(3));
  private static final BigInteger B =
      hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
  static final ECPoint G = new ECPoint(
      hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
      hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
  static final ECParameterSpec SPEC =
      new ECParameterSpec(new EllipticCurve(new ECFieldFp(P), A, B), G, N, 1);

  private P256() {}

  /** {@code d*G}, for d from 1 to n-1. */
  static ECPoint multiplyBase(BigInteger d) throws GeneralSecurityException {
    BigInteger x = xOfMultiple(d);
    if (x.equals(G.getAffineX())) {
      return d.equals(BigInteger.ONE) ? G : new ECPoint(x, P.subtract(G.getAffineY()));
    }
    // ECDH tells x only. Of the two points with that x, ours is the one that plus G is (d+1)*G.
    BigInteger square = x.pow(3).add(A.multiply(x)).add(B).mod(P);
    BigInteger y = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
    BigInteger slope =
        y.subtract(G.getAffineY()).multiply(x.subtract(G.getAffineX()).modInverse(P));
    BigInteger sum = slope.pow(2).subtract(x).subtract(G.getAffineX()).mod(P);
    boolean ours = sum.equals(xOfMultiple(d.add(BigInteger.ONE)));
    return new ECPoint(x, ours ? y : P.subtract(y));
  }

  private static BigInteger xOfMultiple(BigInteger d) throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("EC");
    KeyAgreement ecdh = KeyAgreement.getInstance("ECDH");
    ecdh.init(keys.generatePrivate(new ECPrivateKeySpec(d, SPEC)));
    ecdh.doPhase(keys.generatePublic(new ECPublicKeySpec(G, SPEC)), true);
    return new BigInteger(1, ecdh.generateSecret());
  }

  static ECPublicKey publicKey(ECPoint point) throws GeneralSecurityException {
    return (ECPublicKey)
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, SPEC));
  }

  /**
   * Signs by ECDSA with SHA-256 and returns the DER of r and s. The nonce follows from key and
   * message (RFC 6979), so equal input gives equal bytes and no random source can betray the key.
   */
  static byte[] sign(BigInteger d, byte[] message) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(message);
    BigInteger h = new BigInteger(1, hash);
    byte[] seed = concat(bytes32(d), bytes32(h.mod(N)));
    byte[] v = new byte[32];
    java.util.Arrays.fill(v, (byte) 1);
    byte[] key = hmac(new byte[32], v, new byte[] {0}, seed);
    v = hmac(key, v);
    key = hmac(key, v, new byte[] {1}, seed);
    v = hmac(key, v);
    while (true) {
      v = hmac(key, v);
      BigInteger k = new BigInteger(1, v);
      if (k.signum() > 0 && k.compareTo(N) < 0) {
        BigInteger r = xOfMultiple(k).mod(N);
        BigInteger s = k.modInverse(N).multiply(h.add(r.multiply(d))).mod(N);
        if (r.signum() != 0 && s.signum() != 0) {
          return Der.sequence(
              Der.tlv(Der.INTEGER, r.toByteArray()), Der.tlv(Der.INTEGER, s.toByteArray()));
        }
      }
      key = hmac(key, v, new byte[] {0});
      v = hmac(key, v);
    }
  }

  static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  /** A number below 2^256 as 32 bytes, big endian. */
  static byte[] bytes32(BigInteger number) {
    byte[] raw = number.toByteArray();
    byte[] out = new byte[32];
    int skip = Math.max(0, raw.length - 32);
    System.arraycopy(raw, skip, out, 32 - (raw.length - skip), raw.length - skip);
    return out;
  }

  static byte[] concat(byte[] a, byte[] b) {
    byte[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  private static BigInteger hex(String text) {
    return new BigInteger(text, 16);
  }
}
