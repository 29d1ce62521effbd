package io.liblink.registry.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Evidence from {@code /proc}. Fields as in proc(5): {@code /proc/<pid>/stat} holds the state as
 * field 3 and the start time as field 22; the name in field 2 may hold anything, so fields are
 * counted from its closing parenthesis.
 */
final class LinuxProcesses implements Processes {
  private static final int START_AFTER_STATE = 19;

  private final Run self;

  private LinuxProcesses(Run self) {
    this.self = self;
  }

  /** What this machine can tell. */
  static Processes here() {
    try {
      long pid = ProcessHandle.current().pid();
      Path proc = Path.of("/proc");
      if (!Files.readSymbolicLink(proc.resolve("self")).toString().equals(Long.toString(pid))) {
        // Somebody else's /proc is mounted here: its numbers are not ours.
        return Processes.none();
      }
      String boot = Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
      String space = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
      Fields fields = fields(pid);
      return new LinuxProcesses(new Run(pid, fields.start, boot + "/" + space));
    } catch (IOException | RuntimeException e) {
      return Processes.none();
    }
  }

  @Override
  public Run self() {
    return self;
  }

  @Override
  public Life life(@Nullable Run run) {
    if (run == null || !run.scope().equals(self.scope())) {
      return Life.UNKNOWN;
    }
    if (run.pid() == self.pid() && run.start() == self.start()) {
      return Life.RUNNING;
    }
    try {
      Fields fields = fields(run.pid());
      if (fields.start != run.start()) {
        return Life.GONE;
      }
      return switch (fields.state) {
        case 'Z', 'X', 'x' -> Life.GONE;
        case 'T', 't' -> Life.STOPPED;
        default -> Life.RUNNING;
      };
    } catch (NoSuchFileException e) {
      // Gone, unless it is /proc that has gone.
      return Files.exists(Path.of("/proc/self/stat")) ? Life.GONE : Life.UNKNOWN;
    } catch (IOException | RuntimeException e) {
      return Life.UNKNOWN;
    }
  }

  private static Fields fields(long pid) throws IOException {
    String text = new String(
        Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat")),
        StandardCharsets.ISO_8859_1);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    return new Fields(fields[0].charAt(0), Long.parseLong(fields[START_AFTER_STATE]));
  }

  private record Fields(char state, long start) {}
}
