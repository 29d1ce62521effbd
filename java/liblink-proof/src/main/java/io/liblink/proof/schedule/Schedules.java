package io.liblink.proof.schedule;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

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
   * Runs so many; returns what they counted together.
   *
   * @throws AssertionError on the first that fails, with its seed
   */
  public static Map<String, Long> run(
      String name, int runs, Schedule schedule, Consumer<String> progress) {
    Story story = new Story();
    String wanted = System.getProperty("liblink.seed", "");
    boolean one = !wanted.isEmpty() && !wanted.equals("random");
    SplittableRandom seeds =
        wanted.equals("random") ? new SplittableRandom() : new SplittableRandom(name.hashCode());
    int count = runs;
    for (int i = 1; i <= count; i++) {
      long seed = one ? Long.parseLong(wanted) : seeds.nextLong();
      try {
        story.begin();
        schedule.run(new SplittableRandom(seed), story);
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
    story.count("schedules", count);
    return story.counted();
  }
}
