package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Views;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three real members, of which one is lost: whichever it is, the node's or the leader. */
class EtcdClusterTest {
  private List<EtcdServer> members;

  @BeforeEach
  void start() {
    members = EtcdServer.cluster(3);
    members.forEach(EtcdServer::awaitWell);
  }

  @AfterEach
  void stop() {
    if (members != null) {
      members.forEach(EtcdServer::close);
    }
  }

  private String uri() {
    return "etcd://"
        + members.stream().map(EtcdServer::address).collect(Collectors.joining(","))
        + "?ttl=5s";
  }

  private void assertThatChangesAreSeen(Member a, Views seen, Instance announced) {
    Await.get(a.registry.announce(announced.withReady(false)));
    seen.await(announced.withReady(false));
    Await.get(a.registry.announce(announced));
    seen.await(announced);
  }

  @Test
  void anyMemberMayBeKilled() {
    try (Member a = Member.join("a", uri());
        Member b = Member.join("b", uri())) {
      Views seen = b.watch("pricing");
      Instance announced = a.announce("pricing");
      seen.await(announced);
      for (EtcdServer member : members) {
        member.kill();
        assertThatChangesAreSeen(a, seen, announced);
        member.restart();
      }
      seen.await("well", v -> v.problem().isEmpty());
      assertThat(seen.all())
          .noneMatch(v -> v.instances().isEmpty() && seen.all().indexOf(v) > 0);
    }
  }

  @Test
  void anyMemberMayBePausedForLongerThanALease() {
    try (Member a = Member.join("a", uri());
        Member b = Member.join("b", uri())) {
      Views seen = b.watch("pricing");
      Instance announced = a.announce("pricing");
      seen.await(announced);
      for (EtcdServer member : members) {
        member.process().pause();
        assertThatChangesAreSeen(a, seen, announced);
        member.process().resume();
      }
      seen.await("well", v -> v.problem().isEmpty());
      assertThat(seen.instances()).containsExactly(announced);
    }
  }

  @Test
  void withoutAMajorityTheViewStaysAndSaysSo() {
    try (Member a = Member.join("a", uri());
        Member b = Member.join("b", uri())) {
      Views seen = b.watch("pricing");
      Instance announced = a.announce("pricing");
      seen.await(announced);
      members.get(0).kill();
      members.get(1).kill();
      seen.await("it is said", v -> !v.problem().isEmpty());
      assertThat(seen.instances()).containsExactly(announced);
      members.get(0).process().start();
      members.get(1).process().start();
      seen.await("well", v -> v.problem().isEmpty());
      assertThat(seen.instances()).containsExactly(announced);
    }
  }
}
