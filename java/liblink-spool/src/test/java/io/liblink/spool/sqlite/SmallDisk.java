package io.liblink.spool.sqlite;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk of a few MiB, in memory. Needs the right to mount; without it the test says so and ends. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  static SmallDisk mount(Path directory, String size) throws Exception {
    Files.createDirectories(directory);
    String problem =
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString());
    if (!problem.isEmpty()) {
      abort("a small disk can't be mounted here: " + problem);
    }
    return new SmallDisk(directory);
  }

  void makeReadOnly() throws Exception {
    String problem = run("mount", "-o", "remount,ro", directory.toString());
    if (!problem.isEmpty()) {
      abort("a disk can't be made read-only here: " + problem);
    }
  }

  /** Fills what is left with a file. */
  Path fill() throws IOException {
    Path filler = directory.resolve("filler");
    try (var out = Files.newOutputStream(filler)) {
      byte[] some = new byte[1024];
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      return filler;
    }
  }

  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    String said = new String(process.getInputStream().readAllBytes()).trim();
    boolean ended = process.waitFor(20, TimeUnit.SECONDS);
    return ended && process.exitValue() == 0 ? "" : said + " (" + String.join(" ", command) + ")";
  }

  @Override
  public void close() throws Exception {
    String problem = run("umount", directory.toString());
    if (!problem.isEmpty()) {
      throw new IllegalStateException(problem);
    }
  }
}
