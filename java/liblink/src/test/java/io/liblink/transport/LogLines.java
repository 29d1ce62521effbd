package io.liblink.transport;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logged, instead of printing it. */
final class LogLines extends Handler implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Logger logger = Logger.getLogger("io.liblink");
  /** So that refusals are heard of that are left out of the log when there are too many. */
  private final Logger transport = Logger.getLogger("io.liblink.transport");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  LogLines() {
    setLevel(Level.ALL);
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
    transport.setLevel(Level.FINE);
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()
        || entry.getMessage().startsWith("refused a connection")) {
      Throwable thrown = entry.getThrown();
      lines.add(entry.getLevel() + " " + entry.getMessage() + (thrown == null ? "" : " " + thrown));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    transport.setLevel(null);
  }

  void clear() {
    lines.clear();
  }

  List<String> lines() {
    return lines;
  }

  /** A line with all of these parts. */
  void await(String... parts) {
    await(
        () -> lines.stream().anyMatch(l -> List.of(parts).stream().allMatch(l::contains)),
        "a log line with " + List.of(parts));
  }

  void await(BooleanSupplier condition, String what) {
    await(condition, () -> what);
  }

  void await(BooleanSupplier condition, Supplier<String> what) {
    if (!holdsSoon(condition)) {
      fail("no " + what.get() + "; the log has " + lines);
    }
  }

  /** Waits for a condition. */
  static boolean holdsSoon(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
    return true;
  }
}
