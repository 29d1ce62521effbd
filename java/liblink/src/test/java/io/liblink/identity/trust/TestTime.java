package io.liblink.identity.trust;

import io.liblink.time.TimeSource;
import java.time.Duration;

/** A clock that stands until it is turned. */
final class TestTime implements TimeSource {
  volatile long millis;

  TestTime(long millis) {
    this.millis = millis;
  }

  @Override
  public long nanos() {
    return millis * 1_000_000;
  }

  @Override
  public long wallMillis() {
    return millis;
  }

  void turn(Duration by) {
    millis += by.toMillis();
  }
}
