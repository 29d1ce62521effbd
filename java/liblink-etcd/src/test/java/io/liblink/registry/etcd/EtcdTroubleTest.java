package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One real etcd, and what can happen to it and to the way there. Leases live for 2 s. */
class EtcdTroubleTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T using(T it) {
    open.add(it);
    return it;
  }

  private Member join(String node, String uri) {
    return using(Member.join(node, uri));
  }

  private static void note(String event, Duration took) {
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "noticed in {0} ms: {1}", took.toMillis(), event);
  }

  @Test
  void aNodeStartsWhileEtcdIsDownAndAnnouncesWhenItIsThere() {
    EtcdServer server = using(EtcdServer.prepare());
    Member a = join("a", server.uri());
    Member b = join("b", server.uri());
    CompletionStage<Void> announced = a.registry.announce(a.instance("pricing"));
    Views seen = b.watch("pricing");

    View without =
        seen.await("a view that says why it is empty", v -> !v.problem().isEmpty());
    assertThat(without.instances()).isEmpty();
    assertThat(without.problem()).contains(server.address()).contains("connection refused");
    assertThat(announced.toCompletableFuture()).isNotDone();
    assertThat(a.registry.problem()).contains("connection refused");

    server.run();
    server.awaitWell();
    Await.get(announced);
    seen.await(a.instance("pricing"));
    seen.await("well", v -> v.problem().isEmpty());
    Await.until("all is well", a.registry::problem, () -> a.registry.problem().isEmpty());
  }

  @Test
  void aKilledEtcdLeavesTheViewWithItsAgeAndIsFoundAgain() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);

    server.kill();
    long killed = TimeSource.system().nanos();
    note(
        "etcd killed",
        seen.awaitWithin(Await.LONG, "a problem", v -> v.problem().contains(server.address())));
    assertThat(seen.instances()).containsExactly(announced);
    assertThat(seen.last().asOfNanos()).as("when it was well last").isLessThanOrEqualTo(killed);

    CompletionStage<Void> later = a.registry.announce(announced.withReady(false));
    server.restart();
    note(
        "etcd back",
        seen.awaitWithin(
            Await.LONG,
            "the view of now",
            v -> v.problem().isEmpty() && !v.instances().isEmpty()));
    Await.get(later);
    seen.await(announced.withReady(false));
  }

  @Test
  void aPausedEtcdThatThenLetsAllLeasesGoTakesNobodyAway() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);
    Await.until(
        "a first confirmation", b.registry::problem, () -> b.registry.problem().isEmpty());

    server.process().pause();
    note(
        "etcd paused",
        seen.awaitWithin(Await.LONG, "a problem", v -> v.problem().contains("does not answer")));
    server.process().resume();

    seen.await("the same, and nothing wrong", v -> v.problem().isEmpty());
    Await.until(
        "the key is there again", () -> "", () -> server.keys("/liblink/").size() == 1);
    assertThat(seen.all())
        .as("all that was shown since the first")
        .allMatch(v -> v.instances().isEmpty() || v.instances().equals(List.of(announced)));
    assertThat(emptyAgain(seen)).as("shown empty in between").isFalse();
  }

  private static boolean emptyAgain(Views seen) {
    boolean full = false;
    for (View v : seen.all()) {
      if (full && v.instances().isEmpty()) {
        return true;
      }
      full |= !v.instances().isEmpty();
    }
    return false;
  }

  @Test
  void aWipedEtcdGetsAllAnnouncementsAgainAndNobodyIsMissed() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);
    // So that the wiped one is far behind.
    for (int i = 0; i < 50; i++) {
      server.put("/other", "value " + i);
    }

    server.wipe();
    server.restart();
    Duration took = Await.within(
        Await.LONG,
        "the key is there again",
        () -> server.keys("/"),
        () -> !server.keys("/liblink/shop/pricing/").isEmpty());
    note("etcd wiped, announced again after it answers", took);
    seen.await("well again", v -> v.problem().isEmpty());
    assertThat(seen.instances()).containsExactly(announced);
    assertThat(emptyAgain(seen)).as("shown empty in between").isFalse();

    Instance other = join("c", server.uri()).announce("pricing");
    seen.await(announced, other);
  }

  @Test
  void whatHappenedWhileTheWatchWasAwayIsLearnedThoughItsHistoryIsGone() {
    EtcdServer server = using(EtcdServer.start());
    Wire wire = using(new Wire(server.port()));
    Member a = join("a", server.uri());
    Member gone = join("gone", server.uri());
    Views seen = join("b", wire.uri()).watch("pricing");
    Instance announced = a.announce("pricing");
    Instance leaving = gone.announce("pricing");
    seen.await(announced, leaving);

    wire.cut();
    seen.await("the cut", v -> !v.problem().isEmpty());
    Await.get(gone.registry.announce(leaving.withReady(false)));
    gone.close();
    Instance came = join("c", server.uri()).announce("pricing");
    server.compact();
    wire.mend();

    // In doubt, whoever vanished ready is kept; it was last seen ready here.
    seen.await("the new one", v -> v.instances().contains(came));
    assertThat(seen.instances()).contains(announced);
    assertThat(server.keys("/liblink/shop/pricing/")).hasSize(2);
  }

  @Test
  void aWatchGoesOnWhereItStoppedWithoutReadingAllAgain() {
    EtcdServer server = using(EtcdServer.start());
    Wire wire = using(new Wire(server.port()));
    Member a = join("a", server.uri());
    Views seen = join("b", wire.uri()).watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);

    wire.cut();
    seen.await("the cut", v -> !v.problem().isEmpty());
    Await.get(a.registry.announce(announced.withReady(false)));
    wire.mend();
    seen.await(announced.withReady(false));
    seen.await("well again", v -> v.problem().isEmpty());
  }

  @Test
  void aWatchThatDiesInSilenceIsNoticed() {
    EtcdServer server = using(EtcdServer.start());
    Wire wire = using(new Wire(server.port()));
    Member a = join("a", server.uri());
    Views seen = join("b", wire.uri()).watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);
    seen.await("well", v -> v.problem().isEmpty());

    wire.silence();
    Await.get(a.registry.announce(announced.withReady(false)));
    note(
        "a watch that died in silence",
        seen.awaitWithin(
            Await.LONG,
            "the change",
            v -> v.instances().equals(List.of(announced.withReady(false)))));
  }

  @Test
  void aNodeThatIsCutOffIsGoneWhenItsLeaseIsAndComesBack() {
    EtcdServer server = using(EtcdServer.start());
    Wire wire = using(new Wire(server.port()));
    Member a = join("a", wire.uri());
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);

    wire.cut();
    note(
        "a crash, with a lease of 2 s",
        seen.awaitWithin(Await.LONG, "nobody", v -> v.instances().isEmpty()));
    wire.mend();
    seen.await(announced);
  }

  @Test
  void whoeverIsFoundDeadGoesWhenItsKeyDoes() {
    EtcdServer server = using(EtcdServer.start());
    Member a = join("a", server.uri());
    Member b = join("b", server.uri());
    Views seen = b.watch("pricing");
    Instance announced = a.announce("pricing");
    seen.await(announced);
    b.registry.suspect(announced);
    assertThat(Await.get(b.registry.services())).containsExactly("pricing");
    assertThat(seen.instances()).as("etcd still has it").containsExactly(announced);

    server.deleteAll("/liblink/");
    Await.until("it is gone, without a grace", seen::last, () -> {
      b.registry.suspect(announced);
      return seen.all().stream().skip(1).anyMatch(v -> v.instances().isEmpty());
    });
  }
}
