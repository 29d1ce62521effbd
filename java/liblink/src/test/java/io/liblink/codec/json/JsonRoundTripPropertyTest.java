package io.liblink.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonRoundTripPropertyTest {
  private static final JsonCodec JSON = new JsonCodec();

  enum Colour {
    RED,
    GREEN
  }

  record Leaf(String text, int i, long l, double d, boolean b, Colour colour) {}

  record Tree(
      Leaf leaf,
      List<Tree> children,
      Map<String, Leaf> named,
      Optional<String> maybe,
      @Nullable Leaf spare) {}

  record Values(Instant at, LocalDate day, Duration pause, BigInteger whole, BigDecimal real) {}

  @Test
  void whatIsWrittenIsReadBack() {
    Gen.check(400, g -> {
      Tree tree = tree(g, 4);
      assertThat(JSON.decode(JSON.encode(tree), Tree.class)).isEqualTo(tree);
    });
  }

  @Test
  void timesAndBigNumbersAreReadBack() {
    Gen.check(1_000, g -> {
      Values values = values(g);
      assertThat(JSON.decode(JSON.encode(values), Values.class)).isEqualTo(values);
    });
  }

  @Test
  void anyTextIsReadBack() {
    Gen.check(1_000, g -> {
      String text = g.text(60);
      Map<String, String> map = Map.of(text, text);
      assertThat(JSON.decode(JSON.encode(map), Map.class)).isEqualTo(map);
    });
  }

  private static Tree tree(Gen g, int depth) {
    return new Tree(
        leaf(g),
        g.list(depth == 0 ? 0 : 3, x -> tree(x, depth - 1)),
        g.map(3, x -> x.text(5), JsonRoundTripPropertyTest::leaf),
        g.aBoolean() ? Optional.of(g.text(5)) : Optional.empty(),
        g.aBoolean() ? leaf(g) : null);
  }

  private static Leaf leaf(Gen g) {
    return new Leaf(
        g.text(20), g.anInt(), g.aLong(), g.aDouble(), g.aBoolean(), g.oneOf(Colour.values()));
  }

  private static Values values(Gen g) {
    return new Values(
        Instant.ofEpochSecond(g.between(-2_000_000_000, 2_000_000_000), g.between(0, 999_999_999)),
        LocalDate.ofEpochDay(g.between(-100_000, 100_000)),
        Duration.ofSeconds(g.anInt(), g.between(0, 999_999_999)),
        new BigInteger(1, g.bytes(300)).multiply(BigInteger.valueOf(g.anInt())),
        new BigDecimal(BigInteger.valueOf(g.aLong()), g.between(-50, 50)));
  }
}
