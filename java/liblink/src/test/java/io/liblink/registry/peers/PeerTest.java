package io.liblink.registry.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

  private final Peer peer = new Peer(new Address("10.0.0.1", 7400), 100);

  @Test
  void aFailureIsFollowedByShortWaitsThatGrowToTheInterval() {
    for (long wait : new long[] {250, 500, 1000, 2000, 4000, 5000, 5000}) {
      peer.ask(1000);
      peer.failed("refused", 1000, INTERVAL);
      assertThat(peer.dueNanos()).isEqualTo(1000 + TimeUnit.MILLISECONDS.toNanos(wait));
    }
    peer.answered(List.of(), 2000, INTERVAL);
    assertThat(peer.dueNanos()).isEqualTo(2000 + INTERVAL);
    peer.failed("refused", 3000, INTERVAL);
    assertThat(peer.dueNanos()).isEqualTo(3000 + Peer.RETRY_NANOS);
  }

  @Test
  void suspicionBringsTheNextQuestionForwardButNotTooNear() {
    peer.ask(1000);
    peer.answered(List.of(), 1000, INTERVAL);
    peer.suspect(1001);
    assertThat(peer.dueNanos()).isEqualTo(1000 + Peer.RETRY_NANOS);
    long later = 1000 + 2 * Peer.RETRY_NANOS;
    peer.ask(later);
    peer.answered(List.of(), later, INTERVAL);
    peer.suspect(later + 3 * Peer.RETRY_NANOS);
    assertThat(peer.dueNanos()).isEqualTo(later + 3 * Peer.RETRY_NANOS);
    peer.suspect(later + 4 * Peer.RETRY_NANOS);
    assertThat(peer.dueNanos()).as("not put off").isEqualTo(later + 3 * Peer.RETRY_NANOS);
  }

  @Test
  void onlyTheAnswerToTheLastQuestionCounts() {
    long first = peer.ask(1000);
    peer.failed("no answer", 2000, INTERVAL);
    assertThat(peer.expects(first)).isFalse();
    long second = peer.ask(3000);
    assertThat(peer.expects(first)).isFalse();
    assertThat(peer.expects(second)).isTrue();
  }

  @Test
  void hurryDoesNotAskTwiceAtOnce() {
    peer.ask(1000);
    peer.hurry(1500);
    peer.answered(List.of(), 2000, INTERVAL);
    assertThat(peer.dueNanos()).isEqualTo(2000 + INTERVAL);
    peer.hurry(2500);
    assertThat(peer.dueNanos()).isEqualTo(2500);
  }
}
