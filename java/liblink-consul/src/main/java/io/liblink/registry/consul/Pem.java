package io.liblink.registry.consul;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in the text form that Consul's own command writes. The message of
 * what is thrown names the file and never holds a part of it.
 */
final class Pem {
  private static final int LARGEST = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  /** AlgorithmIdentifiers, complete elements of DER: EC keys on the three NIST curves, and RSA. */
  private static final byte[] P256 = bytes(
      0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3,
      1, 7);

  private static final byte[] P384 =
      bytes(0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22);
  private static final byte[] P521 =
      bytes(0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x23);
  private static final byte[] RSA =
      bytes(0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0);

  /** PKCS #8, which the JDK reads, begins with this version number. */
  private static final byte[] VERSION = bytes(2, 1, 0);

  private final Path file;
  private final List<byte[]> certificates = new ArrayList<>();
  private final List<PrivateKey> keys = new ArrayList<>();

  private Pem(Path file) {
    this.file = file;
  }

  /** Every certificate of the file, at least one, in their order. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    Pem pem = read(file);
    if (pem.certificates.isEmpty()) {
      throw new IOException(
          file + " has no certificate: it is to begin with -----BEGIN" + " CERTIFICATE-----");
    }
    List<X509Certificate> all = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] der : pem.certificates) {
        all.add(
            (X509Certificate) factory.generateCertificate(new java.io.ByteArrayInputStream(der)));
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " has a certificate that can't be read", e);
    }
  }

  /** The one private key of the file. */
  static PrivateKey key(Path file) throws IOException {
    Pem pem = read(file);
    if (pem.keys.size() != 1) {
      throw new IOException(file + " has " + pem.keys.size() + " private keys that can be read, and"
          + " one is needed: unencrypted, PKCS #8 (BEGIN PRIVATE KEY), EC or RSA");
    }
    return pem.keys.get(0);
  }

  private static Pem read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    } catch (IOException e) {
      throw new IOException(file + " can't be read: " + e.getMessage(), e);
    }
    Pem pem = new Pem(file);
    Matcher m = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (m.find()) {
      pem.block(m.group(1), m.group(2));
    }
    return pem;
  }

  private void block(String label, String base64) throws IOException {
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " has a block that is no base64");
    }
    switch (label) {
      case "CERTIFICATE" -> certificates.add(der);
      case "PRIVATE KEY" -> key(der, "EC", "RSA", "Ed25519");
      case "RSA PRIVATE KEY" -> key(pkcs8(RSA, der), "RSA");
      case "EC PRIVATE KEY" -> key(pkcs8(curve(der), der), "EC");
      default -> {}
    }
  }

  private void key(byte[] pkcs8, String... algorithms) {
    for (String algorithm : algorithms) {
      try {
        keys.add(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        return;
      } catch (GeneralSecurityException e) {
        // Another algorithm's; the count of keys says it when it is nobody's.
      }
    }
  }

  /** By the size of the private number. */
  private static byte[] curve(byte[] sec1) {
    // SEQUENCE { INTEGER 1, OCTET STRING private, … }: the length of the OCTET STRING tells.
    int at = sec1.length > 1 && (sec1[1] & 0xff) == 0x81 ? 3 : 2;
    int length = sec1.length > at + 4 ? sec1[at + 4] & 0xff : 0;
    return length == 32 ? P256 : length == 48 ? P384 : P521;
  }

  /** PKCS #8 around an older form. */
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(0x30, VERSION, algorithm, element(0x04, key));
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    int size = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
    if (size > 0) {
      out.write(0x80 | size);
    }
    for (int i = Math.max(size - 1, 0); i >= 0; i--) {
      out.write(length >> (8 * i));
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] all = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }
}
