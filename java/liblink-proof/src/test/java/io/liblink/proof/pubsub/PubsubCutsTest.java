package io.liblink.proof.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.proof.books.Findings;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PubsubCutsTest {
  private static final Logger LIBRARY = Logger.getLogger("io.liblink");

  /** What is cut is logged, and here it is cut by the hundred. */
  @BeforeAll
  static void quiet() {
    LIBRARY.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LIBRARY.setLevel(null);
  }

  @Test
  void whatIsReceivedAndWhatIsToldAsMissedIsWhatWasPublished() throws Exception {
    Findings findings = new PubsubCuts(PubsubCuts.Size.SHORT, line -> {}).run();

    assertThat(findings.broken()).as(findings.toString()).isEmpty();
  }
}
