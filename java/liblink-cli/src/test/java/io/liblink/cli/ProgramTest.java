package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.args.Parser;
import io.liblink.cli.args.Shape;
import io.liblink.cli.command.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramTest {
  static Stream<Shape> shapes() {
    return new Catalogue(words -> {}).shapes().stream();
  }

  @Test
  void theVersionNamesTheWire() {
    Run run = Run.of("--version");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches("liblink \\d+\\.\\d+\\.\\d+\\S* \\(wire liblink/1, Java .+\\)\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void withoutWordsItShowsTheOverviewAndFails() {
    Run run = Run.of();

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).contains("liblink demo").contains("key rotate").contains("--cluster");
  }

  @Test
  void helpIsNoFailure() {
    assertThat(Run.of("help")).isEqualTo(Run.of("--help"));
    assertThat(Run.of("help").exit()).isZero();
    assertThat(Run.of("-h").exit()).isZero();
  }

  @Test
  void theOverviewHidesWhatIsForTheProgramItself() {
    assertThat(Run.of("help").out()).doesNotContain("train").doesNotContain("  child");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyCommandExplainsItselfInTheSameWayEitherWay(Shape shape) {
    String[] words = ("help " + shape.name()).split(" ");
    Run help = Run.of(words);
    List<String> option = new ArrayList<>(List.of(shape.name().split(" ")));
    option.add("--help");
    Run asOption = Run.of(option.toArray(new String[0]));

    assertThat(help.exit()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(asOption).isEqualTo(help);
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(help.out()).startsWith("liblink " + shape.name() + ": ");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyExampleIsACommandLineThatParses(Shape shape) {
    for (Shape.Example example : shape.examples()) {
      String line = example.line();
      int start = line.indexOf("liblink " + shape.name());
      assertThat(start).as(line).isGreaterThanOrEqualTo(0);
      String rest = line.substring(start + ("liblink " + shape.name()).length());
      new Parser(shape, Settings.OPTIONS).parse(shellWords(rest));
    }
    assertThat(shape.hidden() || !shape.examples().isEmpty()).isTrue();
  }

  /** Splits as a shell does, up to a pipe or a redirection: enough for the examples. */
  private static List<String> shellWords(String line) {
    List<String> words = new ArrayList<>();
    Matcher m =
        Pattern.compile("(?:'[^']*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s'\"])+").matcher(line);
    while (m.find()) {
      String word = m.group();
      if (word.equals("|") || word.equals(">") || word.equals(")") || word.startsWith(")")) {
        break;
      }
      words.add(word.replaceAll("^'|'$|^\"|\"$", "").replaceAll("\\)$", ""));
    }
    return words;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "cal, did you mean 'liblink call'?",
        "erors, did you mean 'liblink errors'?",
        "benh, did you mean 'liblink bench'?",
        "hepl, did you mean 'liblink help'?",
        "frobnicate, 'liblink help' lists the commands",
      })
  void anUnknownCommandIsRefusedWithWhatWasProbablyMeant(String word, String hint) {
    Run run = Run.of(word);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("there is no command '" + word + "'").contains(hint);
  }

  @Test
  void anUnknownMemberOfAGroupIsRefused() {
    Run run = Run.of("key", "shwo");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("did you mean 'liblink key show'?");
  }

  @Test
  void aGroupAloneSaysWhatBelongsToIt() {
    Run run = Run.of("key");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("liblink key show").contains("liblink key rotate");
  }

  @Test
  void helpOfAGroupExplainsAllOfIt() {
    Run run = Run.of("help", "key");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("liblink key show:").contains("liblink key rotate:");
  }

  @Test
  void globalOptionsMayStandBeforeOrAfterTheCommand() {
    Run before = Run.of("--json", "errors", "OK");
    Run after = Run.of("errors", "OK", "--json");

    assertThat(before).isEqualTo(after);
    assertThat(before.out()).startsWith("{\"code\":0,\"name\":\"OK\"");
  }

  @Test
  void aGlobalOptionsValueIsNotTakenForTheCommand() {
    assertThat(Run.of("--cluster", "errors", "errors", "OK").exit()).isZero();
    assertThat(Run.of("--cluster=errors", "errors", "OK").exit()).isZero();
  }

  @Test
  void quietLeavesTheNarrationOutAndTheDataIn() {
    Run run = Run.of("errors", "-q");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("UNAVAILABLE");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "call, 'call' needs SERVICE/METHOD",
        "call pricing, 'pricing' names no method",
        "call /quote, '/quote' names no method",
        "call pricing/, 'pricing/' names no method",
        "call Pricing/quote, 'Pricing' is not a service name",
        "call pricing/quo!te, 'quo!te' is not an endpoint name",
        "call a/b -n 0, --count takes a whole number from 1",
        "call a/b -n many, --count takes a whole number from 1",
        "call a/b -H novalue, --header takes KEY=VALUE",
        "call a/b x -d y, the body is given twice",
        "call a/b -d @/no/such/file, there is no file /no/such/file",
        "call a/b x --type sometype, --type takes json",
        "call a/b --raw --json, --raw and --json exclude each other",
        "call a/b --stream -n 2, --stream and --count exclude each other",
        "call a/b c d, 'call' can't do anything with 'd'",
        "publish shop, 'shop' names no topic: write SERVICE/TOPIC",
        "publish shop/* x, '*' is not an endpoint name",
        "publish shop/a x --key k --key-split =, --key and --key-split exclude each other",
        "publish shop/a x --key= , --key must not be empty",
        "publish shop/a x --keep 0, --keep takes a whole number from 1",
        "publish shop/a x --rate none, --rate takes a whole number from 1",
        "publish shop/a x --type sometype, --type takes json",
        "subscribe shop, 'shop' names no topic",
        "subscribe shop/>.a, is not an endpoint name",
        "subscribe shop/a --from yesterday, --from takes latest",
        "subscribe shop/a --from 0, --from takes latest",
        "subscribe shop/a --full sometimes, is none of drop-oldest",
        "subscribe shop/a --queue 0, --queue takes a whole number from 1",
        "subscribe shop/a --raw -j, --raw and --json exclude each other",
        "push jobs, 'jobs' names no queue: write SERVICE/QUEUE",
        "push jobs/a x --attempts 0, --attempts takes a whole number from 1",
        "push jobs/a x --no-wait, --no-wait needs --spool DIR",
        "push jobs/a x --item-timeout 5, --item-timeout takes a duration",
        "work jobs, 'jobs' names no queue",
        "work jobs/a --concurrency none, --concurrency takes a whole number from 1",
        "work jobs/a --deduplicate yes, --deduplicate takes a duration",
        "serve shop --topic a --topic b, only one topic can have the lines of standard input",
        "serve shop --topic a!b, 'a!b' is not an endpoint name",
        "serve shop --queue pack, --queue takes KEY=VALUE",
        "serve shop --queue a=cat --topic a, has two endpoints named 'a'",
        "bench pubsub shop, 'shop' names no topic",
        "bench pubsub --size 7, --size must be at least 8B",
        "bench pubsub shop/a --rate 5, --rate and --size are for messages that the bench publishes",
        "bench pipeline jobs, 'jobs' names no queue",
        "bench pipeline jobs/a --workers 2, --workers are for the bench's own queue",
        "ls --cluster Shop, 'Shop' is not a cluster name",
        "serve greeter, 'serve greeter' has nothing to serve",
        "errors nope, there is no status 'nope'",
        "completion tcsh, no completion for 'tcsh'",
        "bench call pricing, 'pricing' names no method",
      })
  void whatCantBeMeantIsRefusedBeforeAnythingIsDone(String line, String problem) {
    Run run = Run.of(Map.of("HOME", "/nonexistent"), line.split(" "));

    assertThat(run.exit()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(problem);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aMisspeltStatusIsRecognised() {
    assertThat(Run.of("errors", "unavailble").err()).contains("did you mean UNAVAILABLE?");
  }
}
