package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifiedTest {
  private final Verified verified = new Verified();

  @Test
  void whatWasUsedLastIsRememberedAndNoMoreThanTheBound() {
    byte[] favourite = {42};
    verified.add(Verified.fingerprint(favourite));
    for (int i = 0; i < 5000; i++) {
      verified.add(Verified.fingerprint(new byte[] {(byte) i, (byte) (i >> 8), 1}));
      assertThat(verified.contains(Verified.fingerprint(favourite))).isTrue();
    }

    assertThat(verified.size()).isEqualTo(1024);
    assertThat(verified.contains(Verified.fingerprint(new byte[] {0, 0, 1}))).isFalse();
    assertThat(verified.contains(Verified.fingerprint(new byte[] {43}))).isFalse();
  }
}
