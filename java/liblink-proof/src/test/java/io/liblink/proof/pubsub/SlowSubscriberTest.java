package io.liblink.proof.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.proof.books.Findings;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class SlowSubscriberTest {
  @ParameterizedTest
  @EnumSource
  void oneThatStandsStillCostsTheOthersNothingAndThePublisherNoMemory(SlowSubscriber.Kind kind)
      throws Exception {
    Findings findings = new SlowSubscriber(kind, SlowSubscriber.Size.SHORT, line -> {}).run();

    assertThat(findings.broken()).as(findings.toString()).isEmpty();
  }
}
