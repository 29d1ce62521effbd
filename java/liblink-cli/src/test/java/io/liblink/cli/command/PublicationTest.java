package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.SubscriberState;
import io.liblink.Topic;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublicationTest {
  private final Turned time = new Turned();
  private final Slow topic = new Slow();

  /** A clock that stands unless somebody waits. */
  private static final class Turned implements TimeSource {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long wallMillis() {
      return nanos / 1_000_000;
    }
  }

  /** A topic with a subscriber that takes so many messages while somebody waits for it. */
  private final class Slow implements Topic {
    private final List<Long> awaited = new ArrayList<>();
    private long published;
    private long lag;
    private long takes;
    private boolean there = true;

    @Override
    public long publish(Object value) {
      lag += there ? 1 : 0;
      return ++published;
    }

    @Override
    public long publish(String key, Object value) {
      return publish(value);
    }

    @Override
    public long published() {
      return published;
    }

    @Override
    public List<SubscriberState> subscribers() {
      return there
          ? List.of(new SubscriberState(
              new NodeId(1, 1),
              "slow",
              new Identity("shop", "slow", Set.of(), Identity.Trust.CLUSTER_KEY, "liblink-ca-x"),
              "127.0.0.1:1",
              lag,
              published - lag,
              0,
              "",
              WhenFull.DROP_OLDEST))
          : List.of();
    }

    @Override
    public void awaitSubscribers(int count, Duration timeout) {}

    @Override
    public void awaitLag(long most, Duration timeout) {
      awaited.add(most);
      lag = Math.max(0, lag - takes);
      if (lag > most) {
        time.nanos += timeout.toNanos();
        throw new LinkException(Status.DEADLINE_EXCEEDED, "slow is " + lag + " behind");
      }
    }
  }

  private Publication publication(boolean patient) {
    return new Publication(topic, time, TopicOptions.defaults().keep(40, 1_000), patient);
  }

  @Test
  void aSubscriberThatTakesAnythingIsWaitedFor() {
    Publication publication = publication(true);
    topic.takes = 1;
    for (int i = 0; i < 1_000; i++) {
      assertThat(publication.publish(null, Message.text("x"))).isNull();
      assertThat(topic.lag).isLessThanOrEqualTo(20);
    }
    assertThat(publication.drain()).isNull();
    assertThat(topic.lag).isZero();
    assertThat(publication.published()).isEqualTo(1_000);
  }

  @Test
  void bytesFillAPortionToo() {
    Publication publication = publication(true);
    topic.takes = 1;
    for (int i = 0; i < 10; i++) {
      publication.publish(null, Message.of(new byte[250]));
    }

    assertThat(topic.awaited).hasSizeGreaterThanOrEqualTo(10).allMatch(most -> most == 1);
  }

  @Test
  void oneThatTakesNothingIsGivenUpAfterFiveSecondsAndNamedOnce() {
    Publication publication = publication(true);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String behind = publication.publish(null, Message.text("x"));
      if (behind != null) {
        said.add(behind);
      }
    }

    assertThat(said).hasSize(1).first().asString().contains("slow@").contains(" behind");
    assertThat(time.nanos()).isBetween(5_000_000_000L, 6_000_000_000L);
    assertThat(publication.drain()).contains("slow@00000000 at 127.0.0.1:1, 1,000 behind");
    assertThat(publication.subscribers()).hasSize(1);
  }

  @Test
  void whoIsNotPatientNeverWaits() {
    Publication publication = publication(false);
    for (int i = 0; i < 1_000; i++) {
      assertThat(publication.publish("k", Message.text("x"))).isNull();
    }

    assertThat(topic.awaited).isEmpty();
  }

  @Test
  void whoHasLeftIsRemembered() {
    Publication publication = publication(true);
    publication.publish(null, Message.text("x"));
    topic.there = false;

    assertThat(publication.subscribers()).extracting(SubscriberState::node).containsExactly("slow");
    assertThat(publication.subscribers()).allMatch(s -> s.lag() == 0);
  }
}
