package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.pass;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Answer;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestClock;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A survey asks everybody and has an answer of each, good or bad. */
class SurveyTest {
  private TestCluster cluster;
  private RemoteService stock;
  private final CountDownLatch asked = new CountDownLatch(3);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @BeforeEach
  void start() {
    cluster = TestCluster.builder().clock(TestClock.stopped()).start("a", "b1", "b2", "b3");
    for (String node : List.of("b1", "b2", "b3")) {
      cluster
          .node(node)
          .serve(Service.named("stock")
              .meta("odd", node.equals("b2") ? "no" : "yes")
              .method("count", String.class, what -> {
                runs.incrementAndGet();
                asked.countDown();
                if (node.equals("b2") && what.equals("fail")) {
                  throw new LinkException(Status.NOT_FOUND, "nothing here");
                }
                if (node.equals("b3") && what.equals("slow")) {
                  pass(release);
                }
                return node;
              }));
    }
    stock = cluster.node("a").service("stock");
  }

  @AfterEach
  void end() {
    release.countDown();
    cluster.close();
  }

  @Test
  void allAnswer() {
    assertThat(stock.survey("count", "x", String.class))
        .extracting(Answer::value)
        .containsExactlyInAnyOrder("b1", "b2", "b3");
    assertThat(runs).hasValue(3);
  }

  @Test
  void onlyThoseSelectedAndReadyAreAsked() {
    assertThat(stock.where("odd == 'yes'").survey("count", "x", String.class))
        .extracting(a -> a.instance().node())
        .containsExactlyInAnyOrder("b1", "b3");
    assertThat(stock.where("odd == 'maybe'").survey("count", "x", String.class)).isEmpty();
  }

  @Test
  void oneFailureIsOneAnswer() {
    List<Answer<String>> answers = stock.survey("count", "fail", String.class);
    assertThat(answers).hasSize(3);
    for (Answer<String> answer : answers) {
      if (answer.instance().node().equals("b2")) {
        assertThat(answer.value()).isNull();
        assertThat(answer.failure().status()).isEqualTo(Status.NOT_FOUND);
        assertThat(answer.failure().instance()).startsWith("b2@");
      } else {
        assertThat(answer.failure()).isNull();
        assertThat(answer.value()).isEqualTo(answer.instance().node());
      }
    }
    assertThat(runs).as("nobody else is asked instead").hasValue(3);
  }

  @Test
  void oneThatIsSlowIsWaitedForUntilTheDeadline() {
    CompletableFuture<List<Answer<String>>> survey =
        CompletableFuture.supplyAsync(() -> stock.survey("count", "slow", String.class));
    pass(asked);
    await("the others have answered", () -> Calls.count(cluster.node("a"), "calls.ended.OK") == 2);
    assertThat(survey).isNotDone();
    cluster.clock().advance(Duration.ofMillis(5010));
    List<Answer<String>> answers = Calls.get(survey);
    assertThat(answers).filteredOn(a -> a.failure() == null).hasSize(2);
    assertThat(answers).filteredOn(a -> a.failure() != null).singleElement().satisfies(a -> {
      assertThat(a.instance().node()).isEqualTo("b3");
      assertThat(a.failure().status()).isEqualTo(Status.DEADLINE_EXCEEDED);
    });
  }

  @Test
  void oneThatCanNotBeReachedIsAFailedAnswer() {
    cluster.clock().start(); // repeats pause
    cluster.inject(Fault.refuse(), "b1");
    List<Answer<String>> answers = stock.survey("count", "x", String.class);
    assertThat(answers)
        .filteredOn(a -> a.failure() != null)
        .singleElement()
        .satisfies(a -> assertThat(a.failure().status()).isEqualTo(Status.UNAVAILABLE));
    assertThat(runs).hasValue(2);
  }
}
