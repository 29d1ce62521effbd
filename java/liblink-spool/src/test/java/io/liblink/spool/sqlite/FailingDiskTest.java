package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fails while the process runs. The system's limit on the size of files plays its part:
 * it makes writes fail with an error that is not "no space left", and it can be lifted.
 */
class FailingDiskTest {
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  @TempDir
  Path directory;

  @Test
  void writesThatFailAreRefusedAndTriedAgain() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "prlimit is not installed here");
    Path home = directory.resolve("spool");
    List<String> limited = List.of(PRLIMIT.toString(), "--fsize=3000000:unlimited");
    List<Long> accepted = new ArrayList<>();
    try (AppendingProcess child = AppendingProcess.start(home, "ask", 1, limited)) {
      assertThat(child.line()).isEqualTo("open");
      String answer = ask(child, accepted);
      for (int i = 0; i < 200 && answer.startsWith("accepted"); i++) {
        answer = ask(child, accepted);
      }
      assertThat(answer)
          .startsWith("failed UNAVAILABLE")
          .contains(home.toString(), "can't write to its disk", "tried again");
      assertThat(ask(child, accepted)).startsWith("failed UNAVAILABLE");

      Process lift = new ProcessBuilder(
              PRLIMIT.toString(), "--fsize=unlimited", "--pid", Long.toString(child.pid()))
          .inheritIO()
          .start();
      assertThat(lift.waitFor()).isZero();
      assertThat(ask(child, accepted)).startsWith("accepted");
    }
    assertThat(accepted).hasSizeGreaterThan(20);
    try (Spool spool = Spools.open(home)) {
      assertThat(Spools.numbers(spool)).isEqualTo(accepted);
    }
  }

  private static String ask(AppendingProcess child, List<Long> accepted) throws Exception {
    child.ask();
    String answer = child.line();
    if (answer.startsWith("accepted")) {
      accepted.add(Long.parseLong(answer.split(" ")[1]));
    }
    return answer;
  }
}
