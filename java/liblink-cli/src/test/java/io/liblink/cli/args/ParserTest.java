package io.liblink.cli.args;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParserTest {
  private static final Option JSON = Option.flag("--json", "as JSON").or("-j");
  private static final Option QUIET = Option.flag("--quiet", "no narration").or("-q");
  private static final Option CLUSTER = Option.value("--cluster", "NAME", "the cluster");
  private static final Option COUNT = Option.value("--count", "N", "how often").or("-n");
  private static final Option HEADER =
      Option.value("--header", "K=V", "a header").or("-H").many();
  private static final Shape SHAPE =
      Shape.of("call", "calls").parameters("TARGET", "[BODY]").options(COUNT, HEADER);

  private static Arguments parse(String... words) {
    return new Parser(SHAPE, List.of(JSON, QUIET, CLUSTER)).parse(List.of(words));
  }

  private static void refused(String problem, String hint, String... words) {
    assertThatThrownBy(() -> parse(words)).isInstanceOfSatisfying(UsageException.class, e -> {
      assertThat(e).hasMessageContaining(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  @Test
  void optionsAndParametersMayBeMixed() {
    Arguments a = parse("-n", "3", "a/b", "--cluster=shop", "body", "-j");

    assertThat(a.get(0)).isEqualTo("a/b");
    assertThat(a.find(1)).isEqualTo("body");
    assertThat(a.number("--count", 1, 1, 10)).isEqualTo(3);
    assertThat(a.value("--cluster")).isEqualTo("shop");
    assertThat(a.has("--json")).isTrue();
    assertThat(a.has("--quiet")).isFalse();
  }

  @Test
  void aValueMayStickToItsLetterAndFlagsMayShareADash() {
    Arguments a = parse("-jqn5", "x");

    assertThat(a.has("--json")).isTrue();
    assertThat(a.has("--quiet")).isTrue();
    assertThat(a.number("--count", 1, 1, 10)).isEqualTo(5);
  }

  @Test
  void aRepeatableOptionKeepsItsOrderAndTheLastOfAKeyWins() {
    Arguments a = parse("x", "-H", "a=1", "--header", "b=2=3", "-Ha=4");

    assertThat(a.values("--header")).containsExactly("a=1", "b=2=3", "a=4");
    assertThat(a.pairs("--header")).isEqualTo(Map.of("a", "4", "b", "2=3"));
  }

  @Test
  void twoDashesEndTheOptionsAndOneIsAParameter() {
    assertThat(parse("x", "--", "-n").find(1)).isEqualTo("-n");
    assertThat(parse("x", "-").find(1)).isEqualTo("-");
    assertThat(parse("x", "").find(1)).isEmpty();
  }

  @Test
  void aValueMayLookLikeAnOption() {
    assertThat(parse("x", "--cluster", "--json").value("--cluster")).isEqualTo("--json");
  }

  @Test
  void aFlagMayBeRepeatedHarmlessly() {
    assertThat(parse("x", "-j", "-j").has("--json")).isTrue();
  }

  @Test
  void whatIsNotThereIsRefusedWithWhatWasProbablyMeant() {
    refused("no option --jsno", "did you mean --json?", "x", "--jsno");
    refused("no option --cout", "did you mean --count?", "x", "--cout=3");
    refused("no option --frobnicate", "", "x", "--frobnicate");
    refused("no option -z", "", "x", "-z");
    refused("no option -z", "", "x", "-jz");
  }

  @Test
  void aMissingOrNeedlessValueIsRefused() {
    refused("--count needs a value: -n, --count N", "", "x", "--count");
    refused("--count needs a value", "", "x", "-jn");
    refused("--json takes no value", "", "x", "--json=yes");
  }

  @Test
  void anOptionGivenTwiceIsRefused() {
    refused("--count is given twice, as '1' and '2'", "", "x", "-n1", "-n", "2");
  }

  @Test
  void theNumberOfParametersIsChecked() {
    refused("'call' needs TARGET", "Usage: liblink call TARGET [BODY] [options]");
    refused("'call' can't do anything with 'three'", "quotes", "one", "two", "three");
  }

  @Test
  void numbersOutsideTheirBoundsAreRefused() {
    for (String n : List.of("0", "11", "-1", "1.5", "", "ten", "99999999999")) {
      assertThatThrownBy(() -> parse("x", "--count=" + n).number("--count", 1, 1, 10))
          .isInstanceOf(UsageException.class)
          .hasMessage("--count takes a whole number from 1 to 10, not '" + n + "'");
    }
  }

  @Test
  void pairsWithoutAKeyAreRefused() {
    for (String pair : List.of("=v", "kv", "")) {
      assertThatThrownBy(() -> parse("x", "-H", pair).pairs("--header"))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("KEY=VALUE");
    }
  }
}
