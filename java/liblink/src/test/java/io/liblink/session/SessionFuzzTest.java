package io.liblink.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/**
 * A session does not care what its peer and its application do. In the normal build only the seeds
 * under {@code src/test/resources} run; {@code docs/internals/fuzzing.md} says how to let it search.
 */
@EnabledOnJre(JRE.JAVA_17)
class SessionFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void aSessionHoldsWhateverComes(byte[] data) {
    if (data.length > 0) {
      new FuzzedSession(data).run();
    }
  }
}
