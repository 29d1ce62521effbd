package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.status.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainTextTest {
  private static final List<String> STEPS =
      List.of("discovered", "ready", "selected", "allowed", "balanced", "connected");

  private static ExplainFacts.Place place(
      String node, String endpoint, String step, String reason, String link) {
    return new ExplainFacts.Place(
        node,
        "0123456789abcdef0123456789abcdef",
        List.of("h:1"),
        "",
        "",
        1,
        !step.equals("discovered"),
        "",
        Map.of(),
        endpoint,
        step,
        reason,
        STEPS.indexOf(step) >= 4 ? 0 : -1,
        1,
        0,
        0,
        link);
  }

  private static ExplainFacts facts(String problem, ExplainFacts.Place... places) {
    Map<String, Long> steps = new LinkedHashMap<>();
    for (String step : STEPS) {
      long count = List.of(places).stream()
          .filter(p -> STEPS.indexOf(p.step()) >= STEPS.indexOf(step))
          .count();
      steps.put(step, count);
    }
    return new ExplainFacts(
        "pricing",
        "web-1",
        "fedcba9876543210fedcba9876543210",
        "consul://c:8500",
        12_000,
        problem,
        "",
        steps,
        List.of(places),
        0,
        List.of());
  }

  private static String text(ExplainFacts facts, String asked, boolean other) {
    return new ExplainText(facts, asked, other, "", new Paint(false)).render();
  }

  @ParameterizedTest
  @CsvSource({
    "discovered, not ready, 78",
    "ready, not selected, 78",
    "selected, not allowed, 78",
    "allowed, not balanced, 78",
    "balanced, no link yet, 0",
    "connected, connected, 0",
  })
  void eachStepHasAnOutcomeAndAnExitCode(String step, String outcome, int exit) {
    ExplainFacts facts = facts("", place("p", "method", step, "p@01234567 says so", ""));

    assertThat(text(facts, "pricing/quote", false))
        .contains("p@01234567  " + outcome)
        .contains("says so")
        .doesNotContain("p@01234567 says so");
    Status status = ExplainCommand.outcome(facts);
    assertThat(status == Status.OK ? 0 : 64 + status.code()).isEqualTo(exit);
  }

  @Test
  void anInstanceWithoutTheEndpointGetsNoSuchRequest() {
    ExplainFacts none = facts("", place("p", "none", "connected", "", "h:1"));

    assertThat(text(none, "pricing/qoute", true))
        .startsWith("pricing/qoute: 0 of 1 instance get requests of web-1@fedcba98\n")
        .contains("no endpoint")
        .contains("has no 'qoute'");
    assertThat(ExplainCommand.outcome(none)).isEqualTo(Status.UNIMPLEMENTED);
    assertThat(ExplainCommand.outcome(facts("", place("p", "unknown", "connected", "", "h:1"))))
        .isEqualTo(Status.OK);
    assertThat(ExplainCommand.outcome(facts(
            "",
            place("p", "none", "connected", "", "h:1"),
            place("q", "queue", "balanced", "", ""))))
        .isEqualTo(Status.OK);
  }

  @Test
  void oneThatCannotBeReachedDoesNotCount() {
    ExplainFacts facts = facts(
        "", place("p", "", "balanced", "p@01234567 can't be reached: no connection: refused", ""));

    assertThat(text(facts, "pricing", false))
        .startsWith("pricing: 0 of 1 instance get requests of this command\n")
        .contains("unreachable")
        .contains("can't be reached: no connection: refused");
    assertThat(ExplainCommand.outcome(facts)).isEqualTo(Status.UNAVAILABLE);
  }

  @Test
  void nothingKnownIsSaidWithoutATable() {
    ExplainFacts facts = facts("nobody listens at c:8500");

    assertThat(text(facts, "pricing", false)).isEqualTo("""
        pricing: no instance is known to this command

          view        consul://c:8500, 12 s old: nobody listens at c:8500
        """);
    assertThat(ExplainCommand.outcome(facts)).isEqualTo(Status.UNAVAILABLE);
  }

  @Test
  void theWholeIsReadFromTopToBottom() {
    ExplainFacts found = facts(
        "",
        place("p", "", "connected", "", "h:1"),
        place("q", "", "ready", "q@01234567 fails zone == \"eu\" (zone is \"us\")", ""));
    ExplainFacts facts = new ExplainFacts(
        found.service(),
        found.node(),
        found.id(),
        found.source(),
        found.ageMillis(),
        found.problem(),
        found.summary(),
        found.steps(),
        found.instances(),
        7,
        List.of(new ExplainFacts.Skipped("legacy on vm", "it was not announced by liblink")));

    assertThat(new ExplainText(facts, "pricing", true, "zone == \"eu\"", new Paint(false)).render())
        .isEqualTo("""
        pricing: 1 of 9 instances gets requests of web-1@fedcba98

          discovered  2   known to the registry
          ready       2   want traffic
          selected    1   by zone == "eu"
          allowed     1   let web-1@fedcba98 in
          balanced    1   get their share
          connected   1   have a link, which is made on first use
          view        consul://c:8500, up to date

        INSTANCE    OUTCOME       WEIGHT  TIER  SHARE  LINK  WHY
        p@01234567  connected          1     0  100 %  h:1
        q@01234567  not selected       1     -      -  -     fails zone == "eu" (zone is "us")
        and 7 more instances

        The registry also has, and liblink skips:
          legacy on vm: it was not announced by liblink
        """);
  }

  @Test
  void aNodeOfAnotherVersionMaySayLessAndMore() {
    ExplainFacts facts = new Json()
        .read(
            new ByteArrayInputStream(
                "{\"service\":\"s\",\"instances\":[{\"step\":\"levitating\",\"new\":1}]}"
                    .getBytes(StandardCharsets.UTF_8)),
            ExplainFacts.class);

    assertThat(text(facts, "s", true)).contains("?@").contains("levitating");
    assertThat(ExplainCommand.outcome(facts)).isEqualTo(Status.UNAVAILABLE);
  }
}
