package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow

  private final RefusalLog log = new RefusalLog(new TimeSource() {
    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public long wallMillis() {
      return 0;
    }
  });

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void tenAreToldAtOnceAndThenOneEachSecondWithTheNumberOfTheOthers() {
    assertThat(LongStream.range(0, 100).map(i -> log.told()).filter(n -> n >= 0).count())
        .isEqualTo(RefusalLog.AT_ONCE);
    pass(Duration.ofMillis(999));
    assertThat(log.told()).isEqualTo(-1);
    pass(Duration.ofMillis(1));
    assertThat(log.told()).isEqualTo(91);
    assertThat(log.told()).isEqualTo(-1);
  }

  @Test
  void afterAQuietTimeTenAreToldAgainAndNoMore() {
    LongStream.range(0, 100).forEach(i -> log.told());
    pass(Duration.ofHours(1));
    assertThat(log.told()).isEqualTo(90);
    assertThat(LongStream.range(0, 100).map(i -> log.told()).filter(n -> n == 0).count())
        .isEqualTo(RefusalLog.AT_ONCE - 1);
  }
}
