package io.liblink.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.bench.peers.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingCallsTest {
  private static final class Waiting implements Peer.Reply {
    private int failures;

    @Override
    public void arrived(byte[] payload) {
      throw new AssertionError("nobody answers here");
    }

    @Override
    public void failed(Throwable cause) {
      failures++;
    }
  }

  @Test
  void everyStreamLeadsToItsOwnCallInWhateverOrderTheyEnd() {
    PendingCalls pending = new PendingCalls();
    Map<Integer, Peer.Reply> expected = new HashMap<>();
    List<Integer> open = new ArrayList<>();
    Random random = new Random(4711);
    for (int i = 0; i < 20_000; i++) {
      if (open.size() < 300 && random.nextInt(100) < 60) {
        Waiting call = new Waiting();
        int stream = pending.add(call);
        assertThat(stream & 1).isOne();
        assertThat(expected.put(stream, call)).isNull();
        open.add(stream);
      } else if (!open.isEmpty()) {
        int stream = open.remove(random.nextInt(open.size()));
        assertThat(pending.remove(stream)).isSameAs(expected.get(stream));
        assertThat(pending.remove(stream)).isNull();
      }
    }
  }

  @Test
  void whenTheConnectionBreaksEachWaitingCallFailsOnce() {
    PendingCalls pending = new PendingCalls();
    List<Waiting> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Waiting call = new Waiting();
      calls.add(call);
      pending.add(call);
    }
    pending.failAll(new IllegalStateException("broken"));
    pending.failAll(new IllegalStateException("broken again"));
    assertThat(calls).allMatch(call -> call.failures == 1);
  }
}
