package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  @TempDir
  private Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("key.pem");
  }

  private void write(String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END " + label + "-----\n");
  }

  /** The key inside of PKCS #8: the content of its last OCTET STRING. */
  private static byte[] inner(byte[] pkcs8) {
    int at = header(pkcs8, 0); // into the SEQUENCE
    at += 3; // the version
    at = header(pkcs8, at) + length(pkcs8, at); // the algorithm
    int from = header(pkcs8, at);
    return Arrays.copyOfRange(pkcs8, from, from + length(pkcs8, at));
  }

  private static int header(byte[] der, int at) {
    return at + 2 + ((der[at + 1] & 0x80) != 0 ? der[at + 1] & 0x7f : 0);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | der[at + 2 + i] & 0xff;
    }
    return length;
  }

  private static PrivateKey ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair().getPrivate();
  }

  private static PrivateKey rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair().getPrivate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void ecKeysAreReadInBothForms(String curve) throws IOException, GeneralSecurityException {
    PrivateKey key = ec(curve);
    write("PRIVATE KEY", key.getEncoded());
    assertThat(Pem.key(file)).isEqualTo(key);
    write("EC PRIVATE KEY", inner(key.getEncoded()));
    assertThat(Pem.key(file)).isEqualTo(key);
  }

  @Test
  void rsaKeysAreReadInBothForms() throws IOException, GeneralSecurityException {
    PrivateKey key = rsa();
    write("PRIVATE KEY", key.getEncoded());
    assertThat(Pem.key(file)).isEqualTo(key);
    write("RSA PRIVATE KEY", inner(key.getEncoded()));
    assertThat(Pem.key(file)).isEqualTo(key);
  }

  @Test
  void whatIsNoKeyIsRefusedWithTheNameOfTheFile() throws IOException, GeneralSecurityException {
    assertThatThrownBy(() -> Pem.key(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not there");
    Files.writeString(file, "");
    assertThatThrownBy(() -> Pem.key(file)).hasMessageContaining("has 0 private keys");
    write("PRIVATE KEY", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Pem.key(file)).hasMessageContaining("has 0 private keys");
    write("ENCRYPTED PRIVATE KEY", ec("secp256r1").getEncoded());
    assertThatThrownBy(() -> Pem.key(file)).hasMessageContaining("unencrypted");
    write("EC PRIVATE KEY", new byte[0]);
    assertThatThrownBy(() -> Pem.key(file)).hasMessageContaining("has 0 private keys");
    byte[] key = ec("secp256r1").getEncoded();
    write("PRIVATE KEY", key);
    Files.writeString(file, Files.readString(file).repeat(2));
    assertThatThrownBy(() -> Pem.key(file)).hasMessageContaining("has 2 private keys");
    assertThatThrownBy(() -> Pem.certificates(file)).hasMessageContaining("has no certificate");
    write("CERTIFICATE", key);
    assertThatThrownBy(() -> Pem.certificates(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("can't be read");
    Files.createDirectory(directory.resolve("d"));
    assertThatThrownBy(() -> Pem.key(directory.resolve("d"))).isInstanceOf(IOException.class);
  }
}
