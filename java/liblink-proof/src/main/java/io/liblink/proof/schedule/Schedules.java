package io.liblink.proof.schedule;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs schedules from seeds. The seeds are the same in every build; {@code -Dliblink.seed=random} tries others, {@code
 * -Dliblink.seed=N} runs that one. The seed decides what happens, in which order; threads and sockets are real, so
 * that what comes of it need not be the same each time.
 */
public final class Schedules {
  /** How many run in every build. */
  public static final int SHORT = 12;

  /** One schedule. */
  @FunctionalInterface
  public interface Schedule {
    /**
     * Makes it happen, and tells what came of it.
     *
     * @throws AssertionError when something is not as promised
     */
    void run(SplittableRandom random, Story story) throws Exception;
  }

  private Schedules() {}

  /**
   * Runs so many; returns what they counted together. No thread of the process may end by an exception
   * meanwhile.
   *
   * @throws AssertionError on the first that fails, with its seed
   */
  public static Map<String, Long> run(
      String name, int runs, Schedule schedule, Consumer<String> progress) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.compareAndSet(null, e));
    try {
      return run(name, runs, schedule, thrown, progress);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static Map<String, Long> run(
      String name,
      int runs,
      Schedule schedule,
      AtomicReference<@Nullable Throwable> thrown,
      Consumer<String> progress) {
    Story story = new Story();
    String wanted = System.getProperty("liblink.seed", "");
    boolean one = !wanted.isEmpty() && !wanted.equals("random");
    SplittableRandom seeds =
        wanted.equals("random") ? new SplittableRandom() : new SplittableRandom(name.hashCode());
    for (int i = 1; i <= runs; i++) {
      long seed = one ? Long.parseLong(wanted) : seeds.nextLong();
      try {
        story.begin();
        schedule.run(new SplittableRandom(seed), story);
        Throwable uncaught = thrown.getAndSet(null);
        if (uncaught != null) {
          throw new AssertionError("a thread ended by " + uncaught, uncaught);
        }
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            name + ", seed " + seed + ": " + e.getMessage() + "\nrun it again: -Dliblink.seed="
                + seed + "\nwhat was done: " + story,
            e);
      }
      if (i % 10 == 0) {
        progress.accept(i + " schedules");
      }
    }
    story.count("schedules", runs);
    return story.counted();
  }
}
