package io.liblink.proof.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.liblink.proof.books.Findings;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class DiscoveryTest {
  private static final Logger LIBRARY = Logger.getLogger("io.liblink");

  /** What dies is logged, and here it dies on purpose. */
  @BeforeAll
  static void quiet() {
    LIBRARY.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LIBRARY.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource
  void noIdempotentCallFailsWhateverBecomesOfInstancesAndRegistry(Registry registry)
      throws Exception {
    requireServer(registry);

    Findings findings = new Discovery(registry, Discovery.Size.brief(registry), line -> {}).run();

    assertThat(findings.broken()).as(findings.toString()).isEmpty();
  }

  /** Without a server to run, the test is skipped, unless it is said that it must not be. */
  private static void requireServer(Registry registry) throws InterruptedException {
    if (!registry.hasServer()) {
      return;
    }
    try {
      registry.program();
    } catch (IOException e) {
      if ("1".equals(System.getenv("LIBLINK_REQUIRE_SERVERS"))) {
        throw new AssertionError(e.getMessage(), e);
      }
      System.err.println("SKIPPED, nothing was proved here: " + e.getMessage());
      abort(e.getMessage());
    }
  }
}
