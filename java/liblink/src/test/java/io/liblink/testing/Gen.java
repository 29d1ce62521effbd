package io.liblink.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Random inputs for properties, from a seed. The seeds are the same in every build, so a build that
 * was green stays green; {@code -Dliblink.seed=random} tries others, {@code -Dliblink.seed=N} runs
 * the one case that failed, {@code -Dliblink.runs=N} runs N times as many. One generator serves one
 * case on one thread.
 */
public final class Gen {
  /** Numbers that break things: edges of the ranges and around powers of two. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 53) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  /** Text that breaks things: quotes, controls, right-to-left, combining, outside the BMP. */
  private static final String[] FRAGMENTS = {
    "a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\0", "\u007f", "é", "ß", "İ", "\u2028",
    "\u202e", "e\u0301", "中", "\ufeff", "\uffff", "😀", "🏳️‍🌈", "{", "}", "null", "%s", "${x}"
  };

  private final SplittableRandom random;

  /** A generator of that seed. */
  public Gen(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A property: throws when it does not hold. */
  @FunctionalInterface
  public interface Property {
    /** Draws inputs and asserts. */
    void holds(Gen gen) throws Exception;
  }

  /**
   * Checks a property on that many cases.
   *
   * @throws AssertionError on the first case that fails, with its seed and the command to run it
   *     again
   */
  public static void check(int runs, Property property) {
    StackWalker.StackFrame caller = caller();
    String wanted = System.getProperty("liblink.seed", "");
    if (!wanted.isEmpty() && !wanted.equals("random")) {
      check(Long.parseLong(wanted), caller, property);
      return;
    }
    SplittableRandom seeds = wanted.isEmpty()
        ? new SplittableRandom((caller.getClassName() + caller.getMethodName()).hashCode())
        : new SplittableRandom();
    long all = (long) runs * Integer.getInteger("liblink.runs", 1);
    for (long i = 0; i < all; i++) {
      check(seeds.nextLong(), caller, property);
    }
  }

  private static void check(long seed, StackWalker.StackFrame caller, Property property) {
    try {
      property.holds(new Gen(seed));
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError(failure(seed, caller, e), e);
    }
  }

  private static String failure(long seed, StackWalker.StackFrame caller, Throwable e) {
    String name = caller.getClassName();
    // Tests run in the directory of their module.
    Path module = Path.of("").toAbsolutePath().getFileName();
    return "seed " + seed + ": " + e.getMessage() + "\nrun it again: mvn -Dquick -am -pl java/"
        + module + " -Dsurefire.failIfNoSpecifiedTests=false -Dliblink.seed=" + seed + " -Dtest="
        + name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", "*") + "#"
        + caller.getMethodName() + " test";
  }

  /** The test method: the innermost frame in a class named …Test that is no lambda. */
  private static StackWalker.StackFrame caller() {
    return StackWalker.getInstance()
        .walk(frames -> frames
            .filter(f -> f.getClassName().replaceAll("\\$.*", "").endsWith("Test"))
            .filter(f -> !f.getMethodName().startsWith("lambda$"))
            .findFirst())
        .orElseThrow(() -> new IllegalStateException("properties are checked in a class …Test"));
  }

  /** Between the two, both included, all equally likely. */
  public int between(int low, int high) {
    return (int) random.nextLong(low, high + 1L);
  }

  /** Any int; every fourth is an edge. */
  public int anInt() {
    return (int) aLong();
  }

  /** Any long; every fourth is an edge. */
  public long aLong() {
    return random.nextInt(4) == 0
        ? EDGES[random.nextInt(EDGES.length)] + random.nextInt(-1, 2)
        : random.nextLong() >>> random.nextInt(64);
  }

  /** Any double that is a number, of any magnitude. */
  public double aDouble() {
    double d = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(d) ? d : random.nextInt();
  }

  /** A coin. */
  public boolean aBoolean() {
    return random.nextBoolean();
  }

  /** True once in {@code n}. */
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** One of them. */
  @SafeVarargs
  public final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** One of them. */
  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Up to {@code max} random bytes. */
  public byte[] bytes(int max) {
    byte[] b = new byte[between(0, max)];
    random.nextBytes(b);
    return b;
  }

  /** Text without lone surrogates, up to {@code max} pieces, many of them awkward. */
  public String text(int max) {
    StringBuilder s = new StringBuilder();
    for (int i = between(0, max); i > 0; i--) {
      if (aBoolean()) {
        s.append(oneOf(FRAGMENTS));
      } else {
        int point = random.nextInt(1, 0x110000);
        s.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
      }
    }
    return s.toString();
  }

  /** A word of 1 to {@code max} letters of the alphabet given. */
  public String word(String alphabet, int max) {
    StringBuilder s = new StringBuilder();
    for (int i = between(1, max); i > 0; i--) {
      s.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return s.toString();
  }

  /** Up to {@code max} items. */
  public <T> List<T> list(int max, Function<Gen, T> item) {
    List<T> items = new ArrayList<>();
    for (int i = between(0, max); i > 0; i--) {
      items.add(item.apply(this));
    }
    return items;
  }

  /** Up to {@code max} entries, in the order drawn. */
  public <K, V> Map<K, V> map(int max, Function<Gen, K> key, Function<Gen, V> value) {
    Map<K, V> entries = new LinkedHashMap<>();
    for (int i = between(0, max); i > 0; i--) {
      entries.put(key.apply(this), value.apply(this));
    }
    return entries;
  }

  /** The bytes with one of them changed, one taken away, one added, or the end cut off. */
  public byte[] damaged(byte[] whole) {
    if (whole.length == 0) {
      return new byte[] {(byte) anInt()};
    }
    int at = random.nextInt(whole.length);
    return switch (random.nextInt(4)) {
      case 0 -> java.util.Arrays.copyOf(whole, at);
      case 1 -> splice(whole, at, at + 1, new byte[0]);
      case 2 -> splice(whole, at, at, new byte[] {(byte) anInt()});
      default -> splice(whole, at, at + 1, new byte[] {(byte) (whole[at] + between(1, 255))});
    };
  }

  private static byte[] splice(byte[] whole, int from, int to, byte[] middle) {
    byte[] b = new byte[whole.length - (to - from) + middle.length];
    System.arraycopy(whole, 0, b, 0, from);
    System.arraycopy(middle, 0, b, from, middle.length);
    System.arraycopy(whole, to, b, from + middle.length, whole.length - to);
    return b;
  }
}
