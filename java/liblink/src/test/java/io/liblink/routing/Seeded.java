package io.liblink.routing;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs a property on random inputs; a failure names the seed that repeats it. */
final class Seeded {
  private Seeded() {}

  /** {@code -Dseed=N} runs that one only. */
  static void forEach(int runs, Consumer<RandomGenerator> property) {
    Long only = Long.getLong("seed");
    long first = only != null ? only : new SplittableRandom().nextLong() >>> 16;
    for (int i = 0; i < (only != null ? 1 : runs); i++) {
      long seed = first + i;
      try {
        property.accept(new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("failed with seed " + seed + ": repeat with -Dseed=" + seed, e);
      }
    }
  }

  /** One fixed run, for statistics whose bounds were chosen for it. */
  static RandomGenerator fixed(long seed) {
    return new SplittableRandom(seed);
  }
}
