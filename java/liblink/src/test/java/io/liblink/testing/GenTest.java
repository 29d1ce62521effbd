package io.liblink.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenTest {
  @Test
  void theSameSeedDrawsTheSame() {
    assertThat(draw(new Gen(7))).isEqualTo(draw(new Gen(7))).isNotEqualTo(draw(new Gen(8)));
  }

  @Test
  void aFailureSaysItsSeedAndHowToRunItAgain() {
    List<Integer> drawn = new ArrayList<>();
    assertThatThrownBy(() -> Gen.check(1000, g -> {
          drawn.add(g.between(0, 9));
          assertThat(drawn).last().isNotEqualTo(3);
        }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dtest=GenTest#aFailureSaysItsSeedAndHowToRunItAgain test")
        .hasMessageMatching("(?s)seed (-?\\d+).*-Dliblink.seed=\\1 .*");
  }

  @Test
  void textSurvivesUtf8() {
    Gen.check(500, g -> {
      String text = g.text(40);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text);
    });
  }

  @Test
  void damageChanges() {
    Gen.check(500, g -> {
      byte[] whole = g.bytes(20);
      byte[] damaged = g.damaged(whole);
      assertThat(Math.abs(whole.length - damaged.length)).isLessThanOrEqualTo(20);
      if (damaged.length == whole.length) {
        assertThat(damaged).isNotEqualTo(whole);
      }
    });
  }

  private static String draw(Gen g) {
    return g.text(10) + g.aLong() + g.aDouble() + g.list(5, Gen::anInt) + g.word("ab", 9);
  }
}
