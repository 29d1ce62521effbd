package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DatacenterTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Datacenter eu = new Datacenter("eu", new Pace(() -> 1, 0), 0);
  private long now;

  private static Reply reply(int status, String body) {
    return new Reply(status, 1, false, body.getBytes(StandardCharsets.UTF_8));
  }

  private static final Reply LED = reply(200, "\"10.0.0.1:8300\"");

  private boolean beat(Reply reply, String failure, long tookNanos) {
    assertThat(eu.isDue(now)).isTrue();
    eu.asked(new CompletableFuture<>(), now);
    assertThat(eu.isDue(now)).isFalse();
    now += tookNanos;
    boolean recovered = eu.answered(reply, failure, now);
    now += eu.untilDue(now);
    return recovered;
  }

  @Test
  void itIsAskedWhoLeads() {
    assertThat(eu.path()).isEqualTo("/v1/status/leader?dc=eu");
    Datacenter own = new Datacenter(Settings.OWN, new Pace(() -> 1, 0), 0);
    assertThat(own.path()).isEqualTo("/v1/status/leader");
    assertThat(own.parameter('&')).isEmpty();
  }

  @Test
  void aPromptAnswerIsNoNews() {
    for (int i = 0; i < 5; i++) {
      assertThat(beat(LED, "", SECOND / 100)).isFalse();
      assertThat(eu.problem()).isEmpty();
      assertThat(eu.isInDoubt(now)).isFalse();
    }
    assertThat(now).isBetween(5 * Datacenter.PERIOD_NANOS, 6 * Datacenter.PERIOD_NANOS);
  }

  @Test
  void noAnswerIsAProblemAndCastsDoubtForAWhile() {
    beat(LED, "", 0);
    beat(null, "nobody listens", 0);
    assertThat(eu.problem()).isEqualTo("nobody listens");
    assertThat(eu.isInDoubt(now)).isTrue();
    long back = now;
    assertThat(beat(LED, "", 0)).as("well again").isTrue();
    assertThat(eu.problem()).isEmpty();
    assertThat(eu.isInDoubt(back + Doubt.SETTLE_NANOS - 2 * SECOND)).isTrue();
    assertThat(eu.isInDoubt(back + Doubt.SETTLE_NANOS)).isFalse();
    assertThat(beat(LED, "", 0)).isFalse();
  }

  @Test
  void aSlowAnswerCastsDoubtThoughItIsOne() {
    beat(LED, "", Datacenter.SLOW_NANOS);
    assertThat(eu.problem()).isEmpty();
    assertThat(eu.isInDoubt(now)).isTrue();
  }

  @Test
  void anAnswerThatIsStillOutIsDoubtedBeforeItIsGivenUp() {
    eu.asked(new CompletableFuture<>(), now);
    assertThat(eu.isInDoubt(now + Datacenter.SLOW_NANOS - 1)).isFalse();
    assertThat(eu.isInDoubt(now + Datacenter.SLOW_NANOS)).isTrue();
  }

  @Test
  void serversWithoutALeaderAreAProblem() {
    beat(reply(200, "\"\""), "", 0);
    assertThat(eu.problem()).isEqualTo("its servers have no leader");
    beat(reply(500, "No path to datacenter"), "", 0);
    assertThat(eu.problem()).contains("500: No path to datacenter");
  }

  @Test
  void failuresAreAskedAboutSoonerThanHealth() {
    beat(null, "x", 0);
    assertThat(now).isLessThan(SECOND);
  }

  @Test
  void troubleElsewhereBringsTheNextQuestionForward() {
    beat(LED, "", 0);
    long then = now - SECOND;
    assertThat(eu.isDue(then)).isFalse();
    eu.trouble(then);
    assertThat(eu.isDue(then)).isTrue();
    assertThat(eu.isInDoubt(then)).isTrue();
  }
}
