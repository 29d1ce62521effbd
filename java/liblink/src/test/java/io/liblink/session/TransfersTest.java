package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransfersTest {
  private final TestOutput out = new TestOutput();
  private final Transfers transfers = new Transfers();

  private Transfer add(int id, int size) {
    Transfer t = new Transfer(new TestStream(id), new byte[size], false);
    transfers.add(t);
    return t;
  }

  @Test
  void eachHasItsTurn() {
    transfers.start(1 << 20);
    add(1, 100_000);
    add(3, 40_000);
    add(5, 70_000);
    List<Integer> turns = new ArrayList<>();
    for (Transfer t = transfers.sendNext(out); t != null; t = transfers.sendNext(out)) {
      turns.add(t.stream.id);
    }
    assertThat(turns).containsExactly(1, 3, 5, 1, 3, 5, 1, 5, 1);
    assertThat(transfers.isEmpty()).isTrue();
  }

  @Test
  void noCreditNoFragment() {
    transfers.start(32 << 10);
    add(1, 100_000);
    int sent = 0;
    while (transfers.sendNext(out) != null) {
      sent++;
    }
    assertThat(sent).isEqualTo(2);
    assertThat(transfers.window()).isZero();
    transfers.credit(1);
    assertThat(transfers.sendNext(out)).isNull();
    transfers.credit(1 << 20);
    assertThat(transfers.sendNext(out)).isNotNull();
  }

  @Test
  void creditIsCappedAndDoesNotOverflow() {
    transfers.start(0xFFFF_FFFFL);
    assertThat(transfers.window()).isEqualTo(Integer.MAX_VALUE);
    transfers.credit(0xFFFF_FFFFL);
    assertThat(transfers.window()).isEqualTo(Integer.MAX_VALUE);
  }

  /** The receiver returns credit by quarters of the window: up to one may be missing for ever. */
  @Test
  void theSmallestWindowIsEnoughForAnyFollowOfSizes() {
    long windowSize = 32 << 10;
    ReceiveWindow receiver = new ReceiveWindow(windowSize);
    transfers.start(windowSize);
    for (int size = 16_385; size < 60_000; size += 997) {
      Transfer t = add(1, size);
      while (t.left() > 0) {
        int before = t.left();
        assertThat(transfers.sendNext(out)).as("stuck with %d left", before).isNotNull();
        int n = before - t.left();
        assertThat(receiver.admits(n)).isTrue();
        transfers.credit(receiver.took(n, 1));
      }
      out.take();
    }
  }

  @Test
  void aCancelledOneHoldsNoMemoryWhileAnotherWaitsForCredit() {
    transfers.start(32 << 10);
    add(1, 100_000);
    while (transfers.sendNext(out) != null) {
      out.take();
    }
    for (int i = 0; i < 10_000; i++) {
      Transfer t = add(3 + 2 * i, 20_000);
      transfers.cancel(t);
      assertThat(t.payload()).isEmpty();
    }
    assertThat(transfers.size()).isLessThan(4);
    transfers.credit(1 << 20);
    while (transfers.sendNext(out) != null) {
      out.take();
    }
    assertThat(transfers.isEmpty()).isTrue();
  }
}
