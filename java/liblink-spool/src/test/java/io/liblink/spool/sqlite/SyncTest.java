package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether accepted means synced: only the system's calls can tell, a killed process can't. */
class SyncTest {
  private static final Path STRACE = Path.of("/usr/bin/strace");

  @TempDir
  Path directory;

  @Test
  void everyAcceptedAppendWasSynced() throws Exception {
    assumeTrue(Files.isExecutable(STRACE), "strace is not installed here");
    Path log = directory.resolve("calls");
    List<String> traced =
        List.of(STRACE.toString(), "-f", "-e", "trace=fsync,fdatasync", "-o", log.toString());
    try (AppendingProcess child =
        AppendingProcess.start(directory.resolve("spool"), "singly", 1, traced)) {
      List<String> said = child.rest();
      child.awaitEnd();
      assumeTrue(said.contains("open") && Files.exists(log), "strace may not trace here");
    }

    long syncs = Files.readAllLines(log).stream()
        .filter(l -> l.matches(".*(fsync|fdatasync)\\(.*"))
        .count();
    assertThat(syncs).as("syncs of 50 appends").isGreaterThanOrEqualTo(50);
  }
}
