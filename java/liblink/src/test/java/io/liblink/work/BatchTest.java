package io.liblink.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.time.TimeSource;
import org.junit.jupiter.api.Test;

class BatchTest {
  @Test
  void noSecondWorkerIsAskedForWhileTheFirstHasNotBegun() {
    Batch batch = new Batch(new Job[3], null, TimeSource.system());
    for (int look = 0; look < 10; look++) {
      assertThat(batch.isStuck()).as("look " + look).isFalse();
    }
  }
}
