package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.output.Console;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CommandWorkerTest {
  private static final String ID = "a3f09c11000000000000000000000001/7";

  private final Screen screen = new Screen();
  private int unread;

  private void work(String command, FakeItem item, Console console, boolean json) throws Exception {
    new CommandWorker(
            new Target("jobs", "resize"),
            new ShellCommand(command, Map.of("PATH", System.getenv("PATH"))),
            new Outcomes(console, json),
            TimeSource.system(),
            () -> unread++)
        .work(item.message(), item);
  }

  private void work(String command, FakeItem item) throws Exception {
    work(command, item, screen.console, false);
  }

  @Test
  void thePayloadIsItsInputAndItsOutputIsPrintedInOnePiece() throws Exception {
    work("sed 's/^/done: /'", FakeItem.of(Message.text("cat.jpg\n"), 1));

    assertThat(screen.out()).isEqualTo("done: cat.jpg\n");
    assertThat(screen.err()).isEmpty();
  }

  @Test
  void theItemIsInItsEnvironment() throws Exception {
    work("env", FakeItem.of(Message.text("x").withHeader("Tenant", "7"), 3));

    assertThat(screen.out().lines())
        .contains(
            "LIBLINK_SERVICE=jobs",
            "LIBLINK_QUEUE=resize",
            "LIBLINK_ITEM_ID=" + ID,
            "LIBLINK_ATTEMPT=3",
            "LIBLINK_PRODUCER=spiffe://shop/node/till-3",
            "LIBLINK_CONTENT_TYPE=text/plain",
            "LIBLINK_HEADER_TENANT=7",
            "TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01")
        .anyMatch(l -> l.startsWith("LIBLINK_REMAINING_MS="));
  }

  @Test
  void anotherExitCodeRejectsWithTheLastLineOfItsComplaints() {
    assertThatThrownBy(() -> work(
            "echo first >&2; echo 'no such file' >&2; exit 67", FakeItem.of(Message.empty(), 2)))
        .isInstanceOfSatisfying(LinkException.class, e -> {
          assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
          assertThat(e.problem()).isEqualTo("no such file");
        });
    assertThat(screen.err())
        .isEqualTo("rejected a3f09c11/7, attempt 2: INVALID_ARGUMENT: no such file\n");
    assertThat(screen.out()).isEmpty();
  }

  @Test
  void itIsKilledWhenItsTimeIsOverOrNobodyWaits() {
    assertThatThrownBy(() -> work("sleep 60", FakeItem.of(Message.empty(), 1).expired()))
        .hasMessageContaining("killed when the producer's time was over");
    assertThatThrownBy(() -> work("sleep 60", FakeItem.of(Message.empty(), 1).given()))
        .hasMessageContaining("killed: the producer gave up");
  }

  @Test
  void anItemIsDoneAlsoWhenNobodyReadsWhatIsPrinted() throws Exception {
    work("echo x", FakeItem.of(Message.empty(), 1), Screen.broken(), false);

    assertThat(unread).isEqualTo(1);
  }

  @Test
  void jsonIsAnObjectForEachItem() throws Exception {
    work("echo '{\"a\": 1}'", FakeItem.of(Message.empty(), 2), screen.console, true);
    assertThatThrownBy(() -> work("exit 3", FakeItem.of(Message.empty(), 1), screen.console, true))
        .isInstanceOf(LinkException.class);

    assertThat(screen.out().lines().toList().get(0))
        .startsWith("{\"queue\":\"jobs/resize\",\"id\":\"" + ID
            + "\",\"attempt\":2,\"outcome\":\"acknowledged\",\"elapsedMicros\":")
        .endsWith(",\"output\":{\"a\":1}}");
    assertThat(screen.out().lines().toList().get(1))
        .contains("\"outcome\":\"rejected\"")
        .endsWith("\"status\":\"UNKNOWN\",\"problem\":\"the command ended with exit code 3\"}");
  }

  @Test
  void itemsArePrintedAsALineOrAsAnObject() {
    Outcomes text = new Outcomes(screen.console, false);
    Outcomes json = new Outcomes(screen.console, true);
    FakeItem item = FakeItem.of(Message.text("cat.jpg"), 1);

    assertThat(text.text("jobs/resize", item)).asString().isEqualTo("cat.jpg\n");
    assertThat(text.text("jobs/resize", FakeItem.of(Message.text("a\n"), 1)))
        .asString()
        .isEqualTo("a\n");
    assertThat(text.text("jobs/resize", FakeItem.of(Message.empty(), 1)))
        .asString()
        .isEqualTo("\n");
    assertThat(text.text("jobs/resize", FakeItem.of(Message.of(new byte[] {-1}), 1)))
        .isEqualTo(new byte[] {-1});
    assertThat(json.text("jobs/resize", item))
        .asString()
        .isEqualTo("{\"queue\":\"jobs/resize\",\"id\":\"" + ID + "\",\"attempt\":1,"
            + "\"producer\":\"spiffe://shop/node/till-3\",\"contentType\":\"text/plain\","
            + "\"headers\":{},\"body\":\"cat.jpg\"}\n");
  }

  @Test
  void theSummaryCountsWhatWasDoneRejectedAndRepeated() {
    Outcomes outcomes = new Outcomes(screen.console, false);
    assertThat(outcomes.summary()).isEqualTo("0 items done");
    outcomes.printed(FakeItem.of(Message.empty(), 1));
    outcomes.printed(FakeItem.of(Message.empty(), 2));
    outcomes.rejected(
        "jobs/resize", FakeItem.of(Message.empty(), 1), new LinkException(Status.UNKNOWN, "x"), 1);

    assertThat(outcomes.summary())
        .isEqualTo("2 items done, 1 rejected, 1 of them not at the first attempt");
  }
}
