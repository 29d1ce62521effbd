package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.args.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @Test
  void whatIsMissingIsCalledByItsName() {
    assertThatThrownBy(() -> Target.queue("jobs"))
        .isInstanceOfSatisfying(UsageException.class, e -> {
          assertThat(e).hasMessage("'jobs' names no queue: write SERVICE/QUEUE");
          assertThat(e.hint()).isEqualTo("'liblink info jobs' lists the queues");
        });
    assertThatThrownBy(() -> Target.topic("/x")).hasMessageContaining("SERVICE/TOPIC");
    assertThatThrownBy(() -> Target.method("x/")).hasMessageContaining("SERVICE/METHOD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop/*", "shop/>", "shop/price.*", "shop/*.eu", "shop/a.*.b", "shop/price.>"})
  void patternsAreForSubscribers(String text) {
    assertThat(Target.topics(text).isPattern()).isTrue();
    assertThat(Target.topics(text)).hasToString(text);
    assertThatThrownBy(() -> Target.topic(text)).isInstanceOf(UsageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop/a*", "shop/>.a", "shop/a.>.b", "shop/**", "*/a", "shop/a..*"})
  void whatIsNoPatternIsRefused(String text) {
    assertThatThrownBy(() -> Target.topics(text)).isInstanceOf(UsageException.class);
  }

  @Test
  void aNameIsNoPattern() {
    assertThat(Target.topics("shop/price.eu").isPattern()).isFalse();
  }
}
