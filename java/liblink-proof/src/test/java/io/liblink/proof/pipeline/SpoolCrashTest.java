package io.liblink.proof.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.proof.books.Findings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SpoolCrashTest {
  @Test
  void whatPushAcceptedIsWorkedOnHoweverOftenTheProducerIsKilled() throws Exception {
    Findings findings = new SpoolCrash(SpoolCrash.Size.SHORT, 1, line -> {}).run();

    assertThat(findings.broken()).as(findings.toString()).isEmpty();
  }
}
