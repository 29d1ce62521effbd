package io.liblink.proof.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArenaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Arena arena;

  @BeforeEach
  void open() throws IOException {
    arena = new Arena("test", Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private ChildJvm start(Facts told) throws IOException {
    return arena.start("child", EchoRole.class, told, "-XX:TieredStopAtLevel=1");
  }

  private static char state(ChildJvm child) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  @Test
  void aChildAnswersUntilItIsKilled() throws Exception {
    ChildJvm child = start(Facts.NONE);

    assertThat(child.ask("echo hello", PATIENCE)).isEqualTo(Facts.of("asked", 1, "words", "hello"));
    assertThat(child.ask("echo again", PATIENCE).number("asked")).isEqualTo(2);
    assertThatThrownBy(() -> child.ask("fail so", PATIENCE))
        .hasMessageContaining("IOException: so");
    assertThatThrownBy(() -> child.ask("what", PATIENCE)).hasMessageContaining("does not know");
    assertThat(child.residentKib()).isGreaterThan(10_000);

    child.kill();
    assertThat(child.isAlive()).isFalse();
    assertThatThrownBy(() -> child.ask("echo x", PATIENCE)).isInstanceOf(IOException.class);
  }

  @Test
  void aChildThatDoesNotStartSaysWhy() throws Exception {
    ChildJvm child = start(Facts.of("broken", true));

    assertThatThrownBy(() -> child.awaitReady(PATIENCE)).hasMessageContaining("told to break");
  }

  @Test
  void aStoppedChildStandsStillAndGoesOn() throws Exception {
    ChildJvm child = start(Facts.NONE).awaitReady(PATIENCE);
    child.freeze();
    // The signal is on its way when kill returns; the threads stop a moment later.
    for (int look = 0; look < 1000 && state(child) != 'T'; look++) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    assertThat(state(child)).isEqualTo('T');
    assertThatThrownBy(() -> child.ask("echo a", Duration.ofMillis(100)))
        .hasMessageContaining("gave no answer");

    child.resume();
    assertThat(child.ask("echo b", PATIENCE).text("words")).isEqualTo("a");
  }

  @Test
  void aStoppedChildIsEndedWithItsArena() throws Exception {
    ChildJvm child = start(Facts.NONE).awaitReady(PATIENCE);
    child.freeze();
    Path directory = arena.path("");
    arena.close();

    assertThat(child.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void aChildEndsWhenItsTimeIsOver() throws Exception {
    try (Arena brief = new Arena("brief", Duration.ofSeconds(1))) {
      ChildJvm child = brief.start("child", EchoRole.class, Facts.NONE, "-XX:TieredStopAtLevel=1");
      assertThat(ProcessHandle.of(child.pid()).map(ProcessHandle::onExit))
          .hasValueSatisfying(end -> assertThat(end).succeedsWithin(20, TimeUnit.SECONDS));
    }
  }
}
