package io.liblink.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.x509.Base32;
import io.liblink.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterKeyTest {
  @Test
  void aNewKeyComesBackFromItsText() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ClusterKey key = ClusterKey.generate();

      assertThat(key.text()).matches("llk1_[a-z2-7]{56}");
      assertThat(ClusterKey.parse(" " + key.text().toUpperCase(Locale.ROOT) + "\n"))
          .isEqualTo(key);
      assertThat(seen.add(key.text())).isTrue();
    }
  }

  @Test
  void everyWrongCharacterIsFound() {
    Gen.check(200, gen -> {
      byte[] secret = new byte[32];
      for (int i = 0; i < secret.length; i++) {
        secret[i] = (byte) gen.between(0, 255);
      }
      String text = text(secret);
      int at = gen.between(5, text.length() - 1);
      char other = gen.oneOf('a', 'b', 'z', '2', '7', '0', '_', '\u00e9');
      if (other == text.charAt(at)) {
        return;
      }
      String wrong = text.substring(0, at) + other + text.substring(at + 1);

      assertThatThrownBy(() -> ClusterKey.parse(wrong)).isInstanceOf(ClusterKeyException.class);
    });
  }

  @Test
  void arbitraryTextIsRefusedInWords() {
    Gen.check(500, gen -> {
      String text = gen.oneOf("", "llk1_", "llk2_") + gen.text(70);

      assertThatThrownBy(() -> ClusterKey.parse(text))
          .isInstanceOf(ClusterKeyException.class)
          .message()
          .isNotBlank();
    });
  }

  @Test
  void eightDistinctBytesAreEnoughAndSevenAreNot() throws Exception {
    assertThat(ClusterKey.parse(textOfDistinctBytes(8)).text()).isEqualTo(textOfDistinctBytes(8));
    assertThatThrownBy(() -> ClusterKey.parse(textOfDistinctBytes(7)))
        .isInstanceOfSatisfying(
            ClusterKeyException.class,
            e -> assertThat(e.reason()).isEqualTo(ClusterKeyException.Reason.WEAK));
  }

  @Test
  void theSecretIsNotShown() {
    ClusterKey key = ClusterKey.generate();

    assertThat(key.toString()).isEqualTo(key.fingerprint()).matches("liblink-ca-[a-z2-7]{16}");
    assertThat(key.text()).doesNotContain(key.fingerprint().substring(11));
  }

  @Test
  void theSecretCannotBeChangedFromOutside() {
    ClusterKey key = ClusterKey.generate();
    String text = key.text();
    Arrays.fill(key.secret(), (byte) 0);

    assertThat(key.text()).isEqualTo(text);
  }

  @Test
  void equalKeysAreTheSameSecret() {
    ClusterKey key = ClusterKey.generate();

    assertThat(key)
        .isEqualTo(ClusterKey.parse(key.text()))
        .hasSameHashCodeAs(ClusterKey.parse(key.text()))
        .isNotEqualTo(ClusterKey.generate())
        .isNotEqualTo(key.text());
  }

  private static String textOfDistinctBytes(int distinct) throws Exception {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (i % distinct * 37);
    }
    return text(secret);
  }

  private static String text(byte[] secret) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    sha.update("liblink-key-v1".getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = Arrays.copyOf(secret, 35);
    System.arraycopy(sha.digest(secret), 0, bytes, 32, 3);
    return "llk1_" + Base32.encode(bytes);
  }
}
