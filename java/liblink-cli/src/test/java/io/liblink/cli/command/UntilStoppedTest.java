package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What signals do to it is tried out with processes. */
class UntilStoppedTest {
  private final List<Boolean> finished = new ArrayList<>();

  private int run(UntilStopped.Work work, int exit) throws Exception {
    return UntilStopped.run(work, stopped -> {
      finished.add(stopped);
      return exit;
    });
  }

  @Test
  void whatIsDoneIsFinishedAndGivesTheExitCode() throws Exception {
    assertThat(run(() -> {}, 7)).isEqualTo(7);
    assertThat(finished).containsExactly(false);
  }

  @Test
  void anInterruptionOrAReaderWhoLeftOnlyStopsIt() throws Exception {
    assertThat(run(
            () -> {
              throw new InterruptedException();
            },
            3))
        .isEqualTo(3);
    assertThat(run(() -> Screen.broken().line("x"), 4)).isEqualTo(4);
    assertThat(run(
            () -> {
              Thread.currentThread().interrupt();
              throw new LinkException(Status.CANCELLED, "interrupted");
            },
            5))
        .isEqualTo(5);
    assertThat(finished).containsExactly(true, true, true);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aFailureIsThrownOnceItIsFinished() {
    assertThatThrownBy(() -> run(
            () -> {
              throw new IOException("no more disk");
            },
            0))
        .hasMessage("no more disk");
    assertThat(finished).containsExactly(true);
    assertThatThrownBy(() -> run(
            () -> {
              throw new LinkException(Status.CANCELLED, "by the other side");
            },
            0))
        .isInstanceOf(LinkException.class);
    assertThatThrownBy(() -> UntilStopped.run(
            () -> {
              throw new IOException("first");
            },
            stopped -> {
              throw new IOException("second");
            }))
        .hasMessage("first")
        .hasSuppressedException(new IOException("second"));
  }
}
