package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.liblink.Request;
import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CommandHandlerTest {
  @TempDir
  Path directory;

  private final Asked asked = new Asked();
  private final Semaphore slots = new Semaphore(2);

  private static final class Asked implements Request {
    private Message message = Message.empty();
    private volatile Duration remaining = Duration.ofSeconds(10);
    private volatile boolean cancelled;

    @Override
    public String service() {
      return "greeter";
    }

    @Override
    public String method() {
      return "hello";
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public Identity caller() {
      return new Identity("shop", "till-3", Set.of(), Identity.Trust.CLUSTER_KEY, "liblink-ca-x");
    }

    @Override
    public Duration remaining() {
      return remaining;
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    @Override
    public int attempt() {
      return 2;
    }

    @Override
    public String traceparent() {
      return "00-11111111111111111111111111111111-2222222222222222-01";
    }
  }

  private Message handle(String command) throws Exception {
    return handler(command).handle(asked);
  }

  private CommandHandler handler(String command) {
    return new CommandHandler(
        new ShellCommand(command, Map.of("PATH", System.getenv("PATH"), "LIBLINK_CLUSTER", "shop")),
        slots,
        2,
        null);
  }

  private void refused(Status status, String problem, String command) {
    assertThatThrownBy(() -> handle(command)).isInstanceOfSatisfying(LinkException.class, e -> {
      assertThat(e.status()).isEqualTo(status);
      assertThat(e.problem()).contains(problem);
    });
  }

  @Test
  void thePayloadIsItsInputAndItsOutputTheReply() throws Exception {
    asked.message = Message.text("Ada");

    assertThat(handle("sed 's/^/Hello, /'").text()).isEqualTo("Hello, Ada");
    assertThat(handle("cat >/dev/null; echo '{\"a\": 1}'").contentType()).isEqualTo(Message.JSON);
    assertThat(handle("true").payload()).isEmpty();
  }

  @Test
  void aMebibyteGoesThroughUnharmed() throws Exception {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    asked.message = Message.of(bytes);

    assertThat(handle("cat").payload()).isEqualTo(bytes);
  }

  @Test
  void aCommandThatNeitherReadsNorStopsWritingBeforeItEndsIsFine() throws Exception {
    asked.message = Message.of(new byte[1 << 20]);

    assertThat(handle("head -c 300000 /dev/zero").payload()).hasSize(300_000);
  }

  @Test
  void theRequestIsInItsEnvironment() throws Exception {
    asked.message =
        Message.text("x").withHeader("Tenant-Id", "7").withHeader("evil;rm", "$(false)");
    String env = handle("env").text();

    assertThat(env.lines())
        .contains(
            "LIBLINK_SERVICE=greeter",
            "LIBLINK_METHOD=hello",
            "LIBLINK_CALLER=spiffe://shop/node/till-3",
            "LIBLINK_ATTEMPT=2",
            "LIBLINK_CONTENT_TYPE=text/plain",
            "LIBLINK_HEADER_TENANT_ID=7",
            "LIBLINK_HEADER_EVIL_RM=$(false)",
            "LIBLINK_CLUSTER=shop",
            "TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01");
    assertThat(env).contains("LIBLINK_REMAINING_MS=").doesNotContain("LIBLINK_KEY=");
  }

  @Test
  void anotherExitCodeIsAFailureWithTheLastLineOfItsComplaints() {
    refused(
        Status.UNKNOWN,
        "no such café",
        "echo first >&2; echo 'no such café' >&2; echo >&2; exit 3");
    refused(Status.UNKNOWN, "ended with exit code 1", "false");
    refused(Status.NOT_FOUND, "nothing here", "echo nothing here >&2; exit 69");
    refused(Status.UNKNOWN, "64", "exit 64");
    refused(Status.UNKNOWN, "exit code 127", "exit 127");
  }

  @Test
  void itIsKilledWithWhatItStartedWhenTheTimeIsOver() throws Exception {
    Path pids = directory.resolve("pids");
    asked.remaining = Duration.ZERO;
    refused(
        Status.DEADLINE_EXCEEDED,
        "killed when the caller's time was over",
        "sleep 60 & echo $! > " + pids + "; wait");
  }

  @Test
  void itIsKilledWithWhatItStartedWhenTheCallerGaveUp() throws Exception {
    Path pids = directory.resolve("pids");
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        handle("sleep 60 & echo $! > " + pids + ".new; mv " + pids + ".new " + pids + "; wait");
        outcome.complete(new AssertionError("it ended by itself"));
      } catch (Throwable e) {
        outcome.complete(e);
      }
    });
    thread.start();
    while (!Files.exists(pids)) {
      Thread.onSpinWait();
    }
    long pid = Long.parseLong(Files.readString(pids).strip());
    assertThat(ProcessHandle.of(pid)).isPresent();
    asked.cancelled = true;

    assertThat(outcome.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.status()).isEqualTo(Status.CANCELLED));
    ProcessHandle.of(pid)
        .ifPresent(p -> assertThat(p.onExit().orTimeout(10, TimeUnit.SECONDS))
            .succeedsWithin(Duration.ofSeconds(10)));
  }

  @Test
  void whatItLeavesInTheBackgroundDoesNotHoldUpTheReply() throws Exception {
    Path pid = directory.resolve("pid");

    assertThat(handle("sleep 60 & echo $! > " + pid + "; echo done").text()).isEqualTo("done\n");
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void moreThanItsSlotsIsRefusedAtOnce() throws Exception {
    slots.acquire(2);
    refused(Status.RESOURCE_EXHAUSTED, "2 commands run already; --concurrency", "true");
    slots.release(1);

    assertThat(handle("echo free").text()).isEqualTo("free\n");
    assertThat(slots.availablePermits()).isEqualTo(1);
  }

  @Test
  void nothingIsLeftBehindInTheTemporaryDirectory() throws Exception {
    assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
    Path in = Path.of(handle("readlink /proc/$$/fd/0").text().strip());

    assertThat(in.getParent().getFileName().toString()).startsWith("liblink-serve-");
    assertThat(in.getParent()).doesNotExist();
  }
}
