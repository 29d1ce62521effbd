package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Receipt;
import io.liblink.delivery.DeadLetter;
import io.liblink.delivery.ItemId;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
  private static final ItemId ID = new ItemId("a3f09c11000000000000000000000001", 7);
  private static final LinkException FIRST = LinkException.failure(
          Status.UNAVAILABLE, Stage.WAIT, "the link was lost")
      .instance("w-1@1")
      .build();
  private static final LinkException LAST = LinkException.failure(
          Status.NOT_FOUND, Stage.HANDLE, "no such file")
      .instance("w-2@2")
      .build();

  private final Screen screen = new Screen();

  private record Settled(ItemId id, int attempts) implements Receipt {
    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public void await(Duration timeout) {}

    @Override
    public CompletableFuture<Void> done() {
      return CompletableFuture.completedFuture(null);
    }
  }

  @Test
  void eachReceiptIsALine() {
    Receipts receipts = new Receipts(screen.console, false);
    receipts.acknowledged(new Settled(ID, 1), 2_100_000);
    receipts.acknowledged(new Settled(ID, 3), 431_000_000);
    receipts.accepted(new Settled(ID, 0));

    assertThat(screen.out())
        .isEqualTo("a3f09c11/7 acknowledged in 2.1 ms\n"
            + "a3f09c11/7 acknowledged in 431 ms, at attempt 3\n"
            + "a3f09c11/7 accepted\n");
    assertThat(receipts.settled()).isEqualTo(2);
    assertThat(receipts.repeated()).isEqualTo(1);
  }

  @Test
  void aDeadLetterSaysWhyAndEveryCauseIsTold() {
    Receipts receipts = new Receipts(screen.console, false);
    receipts.dead(new DeadLetter(ID, Message.text("x"), 3, List.of(FIRST, LAST, LAST)));

    assertThat(screen.out())
        .isEqualTo("a3f09c11/7 dead letter after 3 attempts: NOT_FOUND: no such file\n");
    assertThat(screen.err())
        .isEqualTo("  a3f09c11/7  w-1@1: UNAVAILABLE: the link was lost\n"
            + "  a3f09c11/7  w-2@2: NOT_FOUND: no such file, 2 times\n");
    assertThat(receipts.dead()).isEqualTo(1);
    assertThat(receipts.firstDeath()).isSameAs(LAST);
  }

  @Test
  void aDeadLetterWithoutACauseIsStillOne() {
    Receipts receipts = new Receipts(screen.console, false);
    receipts.dead(new DeadLetter(ID, Message.empty(), 1, List.of()));

    assertThat(screen.out()).contains("dead letter after 1 attempt: UNKNOWN");
    assertThat(receipts.firstDeath()).isNotNull();
  }

  @Test
  void jsonHoldsTheItemSoThatItCanBePushedAgain() {
    Receipts receipts = new Receipts(screen.console, true);
    receipts.acknowledged(new Settled(ID, 1), 2_100_000);
    receipts.dead(new DeadLetter(ID, Message.json("{\"a\":1}"), 3, List.of(FIRST, LAST)));

    assertThat(screen.out().lines().toList().get(0))
        .isEqualTo("{\"id\":\"a3f09c11000000000000000000000001/7\",\"outcome\":\"acknowledged\","
            + "\"attempts\":1,\"elapsedMicros\":2100}");
    assertThat(screen.out().lines().toList().get(1))
        .contains("\"outcome\":\"dead-letter\",\"attempts\":3,\"status\":\"NOT_FOUND\",\"code\":5,")
        .contains("\"causes\":[{\"status\":\"UNAVAILABLE\"")
        .contains("\"body\":{\"a\":1}");
  }
}
