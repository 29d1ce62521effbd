package io.liblink.registry.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuarantineTest {
  private static final Duration KEEP = Duration.ofSeconds(60);

  private final Quarantine quarantine = new Quarantine(KEEP);
  private long now = -5;

  private static Instance instance(int n) {
    return new Instance(
        "pricing",
        "node-" + n,
        new NodeId(1, n),
        List.of(new Address("10.0.0.1", 1000 + n)),
        "",
        Map.of(),
        true,
        0,
        List.of());
  }

  private static List<Instance> instances(int from, int to) {
    return IntStream.range(from, to).mapToObj(QuarantineTest::instance).toList();
  }

  private static List<Instance> unready(List<Instance> list) {
    return list.stream().map(i -> i.withReady(false)).toList();
  }

  private static Set<NodeId> ids(List<Instance> list) {
    return list.stream().map(Instance::id).collect(Collectors.toSet());
  }

  private List<Instance> judge(List<Instance> found) {
    return quarantine.judge(found, Set.of(), false, now);
  }

  private List<Instance> doubted(List<Instance> found) {
    return quarantine.judge(found, Set.of(), true, now);
  }

  private void seconds(long s) {
    now += TimeUnit.SECONDS.toNanos(s);
  }

  @Test
  void whatIsThereIsShown() {
    assertThat(judge(instances(0, 5))).isEqualTo(instances(0, 5));
    assertThat(quarantine.problem()).isEmpty();
    assertThat(quarantine.untilChange(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aFewThatVanishAreLetGo() {
    judge(instances(0, 5));
    assertThat(judge(instances(0, 3))).isEqualTo(instances(0, 3));
    assertThat(quarantine.problem()).isEmpty();
  }

  @Test
  void mostOfThemVanishingAtOnceAreKeptAsTheyWere() {
    judge(instances(0, 5));
    assertThat(judge(instances(0, 2))).isEqualTo(instances(0, 5));
    assertThat(quarantine.problem()).contains("3 instances").contains("60 s");
    assertThat(quarantine.kept()).isEqualTo(instances(2, 5));
  }

  @Test
  void allVanishingAreKept() {
    judge(instances(0, 3));
    assertThat(judge(List.of())).isEqualTo(instances(0, 3));
  }

  @Test
  void lessThanThreeAreLetGoEvenWhenTheyAreAll() {
    judge(instances(0, 2));
    assertThat(judge(List.of())).isEmpty();
  }

  @Test
  void oneInDoubtIsKept() {
    judge(instances(0, 1));
    assertThat(doubted(List.of())).isEqualTo(instances(0, 1));
    assertThat(quarantine.problem()).contains("1 instance ");
    assertThat(judge(List.of())).as("when the doubt is over").isEqualTo(instances(0, 1));
  }

  @Test
  void thoseThatTrickleAwayWithinTheWindowComeBackWhenTheyAreMost() {
    judge(instances(0, 6));
    seconds(3);
    assertThat(judge(instances(2, 6))).isEqualTo(instances(2, 6));
    seconds(3);
    assertThat(judge(instances(4, 6))).containsExactlyInAnyOrderElementsOf(instances(0, 6));
  }

  @Test
  void thoseThatTrickleAwaySlowlyAreLetGo() {
    for (int i = 0; i < 6; i++) {
      assertThat(judge(instances(i, 6))).isEqualTo(instances(i, 6));
      seconds(11);
    }
    assertThat(judge(List.of())).isEmpty();
  }

  @Test
  void whoSaidThatItIsNotReadyLeftInGoodOrder() {
    judge(instances(0, 10));
    assertThat(judge(unready(instances(0, 10)))).isEqualTo(unready(instances(0, 10)));
    assertThat(judge(List.of())).isEmpty();
    assertThat(doubted(List.of())).isEmpty();
  }

  @Test
  void theSilentAreKeptReadyWhenTheyAreMost() {
    judge(instances(0, 5));
    List<Instance> found = new ArrayList<>(unready(instances(0, 4)));
    found.addAll(instances(4, 5));

    assertThat(quarantine.judge(found, ids(instances(0, 4)), false, now))
        .isEqualTo(instances(0, 5));
    assertThat(quarantine.judge(found, Set.of(), false, now))
        .as("when they speak for themselves")
        .isEqualTo(found);
  }

  @Test
  void oneThatIsSilentIsNotReady() {
    judge(instances(0, 5));
    List<Instance> found = new ArrayList<>(instances(0, 4));
    found.add(instance(4).withReady(false));
    assertThat(quarantine.judge(found, ids(instances(4, 5)), false, now)).isEqualTo(found);
  }

  @Test
  void theLastThatAreReadyAreNotGivenUpForSilenceAlone() {
    judge(instances(0, 2));
    List<Instance> one = List.of(instance(0), instance(1).withReady(false));
    assertThat(quarantine.judge(one, ids(instances(1, 2)), false, now)).isEqualTo(one);
    seconds(5);
    List<Instance> none = unready(instances(0, 2));
    assertThat(quarantine.judge(none, ids(none), false, now)).isEqualTo(instances(0, 2));
    assertThat(quarantine.judge(none, ids(instances(1, 2)), false, now))
        .as("one spoke for itself")
        .isEqualTo(List.of(instance(0).withReady(false), instance(1)));
    seconds(60);
    assertThat(quarantine.judge(none, ids(instances(1, 2)), false, now)).isEqualTo(none);
  }

  @Test
  void theSilentThatNeverWereReadyAreNotMadeReady() {
    List<Instance> found = unready(instances(0, 5));
    assertThat(quarantine.judge(found, ids(found), true, now)).isEqualTo(found);
    assertThat(quarantine.judge(List.of(), Set.of(), true, now)).isEmpty();
  }

  @Test
  void theKeptGoWhenTheTimeIsOver() {
    judge(instances(0, 5));
    judge(List.of());
    assertThat(quarantine.untilChange(now)).isEqualTo(KEEP.toNanos());
    seconds(59);
    assertThat(judge(List.of())).hasSize(5);
    assertThat(quarantine.untilChange(now)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    seconds(1);
    assertThat(judge(List.of())).isEmpty();
    assertThat(quarantine.problem()).isEmpty();
    assertThat(judge(List.of())).as("and they are not found missing again").isEmpty();
  }

  @Test
  void thoseThatAreGoneWithoutADoubtAreKeptForAShorterTime() {
    Quarantine two = new Quarantine(KEEP, Duration.ofSeconds(15));
    two.judge(instances(0, 8), Set.of(), false, now);
    List<Instance> found = unready(instances(0, 4));
    assertThat(two.judge(found, ids(found), false, now)).isEqualTo(instances(0, 8));
    seconds(15);
    assertThat(two.judge(found, ids(found), false, now))
        .as("the silent, and no longer the gone")
        .isEqualTo(instances(0, 4));
    seconds(45);
    assertThat(two.judge(found, ids(found), false, now)).isEqualTo(found);
  }

  @Test
  void aDoubtThatComesLaterKeepsTheGoneForLonger() {
    Quarantine two = new Quarantine(KEEP, Duration.ofSeconds(15));
    two.judge(instances(0, 4), Set.of(), false, now);
    two.judge(List.of(), Set.of(), false, now);
    assertThat(two.problem()).contains("15 s");
    seconds(10);
    assertThat(two.judge(List.of(), Set.of(), true, now)).hasSize(4);
    assertThat(two.problem()).contains("60 s");
    seconds(49);
    assertThat(two.judge(List.of(), Set.of(), false, now)).hasSize(4);
    seconds(1);
    assertThat(two.judge(List.of(), Set.of(), false, now)).isEmpty();
  }

  @Test
  void thoseThatComeBackAreKeptNoLongerAndTheOthersAre() {
    judge(instances(0, 5));
    judge(List.of());
    assertThat(judge(instances(0, 4))).isEqualTo(instances(0, 5));
    assertThat(quarantine.kept()).isEqualTo(instances(4, 5));
  }

  @Test
  void aNewRunAtTheSameAddressTakesThePlaceOfTheOld() {
    judge(instances(0, 4));
    judge(List.of());
    Instance again = new Instance(
        "pricing",
        "node-0",
        new NodeId(2, 0),
        instance(0).addresses(),
        "",
        Map.of(),
        true,
        0,
        List.of());
    assertThat(judge(List.of(again))).containsExactly(again, instance(1), instance(2), instance(3));
  }

  @Test
  void oneThatRefusedIsForgotten() {
    judge(instances(0, 4));
    judge(List.of());
    quarantine.forget(instance(1).id());
    assertThat(judge(List.of())).containsExactly(instance(0), instance(2), instance(3));
  }

  @Test
  void aRollingReplacementIsNoMassDeath() {
    for (int i = 0; i < 5; i++) {
      assertThat(judge(instances(i, i + 5))).isEqualTo(instances(i, i + 5));
      seconds(1);
    }
  }

  /** Whatever comes: nobody is shown twice, nobody who is there is hidden, bounds hold. */
  @Test
  void anySequenceOfAnswersLeavesASaneView() {
    Gen.check(200, gen -> {
      Quarantine q = new Quarantine(KEEP);
      long t = gen.aLong();
      Set<NodeId> seen = new HashSet<>();
      for (int step = 0; step < 50; step++) {
        List<Instance> found = new ArrayList<>();
        List<Instance> silent = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
          switch (gen.between(0, 4)) {
            case 0, 1 -> found.add(instance(n));
            case 2 -> found.add(instance(n).withReady(false));
            case 3 -> silent.add(instance(n).withReady(false));
            default -> {}
          }
        }
        List<Instance> all = new ArrayList<>(found);
        all.addAll(silent);
        List<Instance> shown = q.judge(all, ids(silent), gen.oneIn(4), t);

        assertThat(ids(shown)).hasSameSizeAs(shown).containsAll(ids(all));
        assertThat(shown).containsAll(found);
        seen.addAll(ids(found));
        seen.addAll(ids(silent));
        assertThat(seen).as("nobody is made up").containsAll(ids(shown));
        t += TimeUnit.MILLISECONDS.toNanos(gen.between(0, 30_000));
      }
      t += KEEP.toNanos();
      assertThat(q.judge(List.of(), Set.of(), false, t)).hasSizeLessThanOrEqualTo(8);
      t += KEEP.toNanos();
      assertThat(q.judge(List.of(), Set.of(), false, t)).as("all go in the end").isEmpty();
    });
  }
}
