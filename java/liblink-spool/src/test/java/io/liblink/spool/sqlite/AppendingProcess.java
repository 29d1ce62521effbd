package io.liblink.spool.sqlite;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/**
 * What a child process does with a spool, said on its standard output a line each; the child's side
 * and what its parent needs. {@code open} the spool is open · {@code refused TEXT} it is not · {@code
 * accepted NUMBER TAG…} · {@code removing NUMBER}, before it does.
 */
final class AppendingProcess implements AutoCloseable {
  private static final int OUTSTANDING = 64;

  private final Process process;
  private final BufferedReader output;

  private AppendingProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  // ---- The parent -------------------------------------------------------------------------------

  /**
   * Starts it.
   *
   * @param mode {@code stream}: appends and removes until it is killed · {@code ask}: appends 64
   *     KiB for each line it reads, and says how that ended · {@code singly}: 50 appends, each synced
   *     by itself
   */
  static AppendingProcess start(Path directory, String mode, long firstTag, List<String> before)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        AppendingProcess.class.getName(),
        directory.toString(),
        mode,
        Long.toString(firstTag)));
    return new AppendingProcess(new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  long pid() {
    return process.pid();
  }

  /** The next line; fails when there is none. */
  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process has ended");
    }
    return line;
  }

  /** The lines until it ends, up to the last whole one. */
  List<String> rest() throws IOException {
    StringBuilder text = new StringBuilder();
    char[] some = new char[8192];
    for (int n = output.read(some); n >= 0; n = output.read(some)) {
      text.append(some, 0, n);
    }
    return text.substring(0, text.lastIndexOf("\n") + 1).lines().toList();
  }

  void ask() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** SIGKILL. */
  void kill() {
    // Not by Process, which would throw away what it has said.
    process.toHandle().destroyForcibly();
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() throws Exception {
    kill();
    awaitEnd();
  }

  // ---- The child --------------------------------------------------------------------------------

  /** {@code DIRECTORY MODE FIRST_TAG}. */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Duration sync = Duration.ofMillis(args[1].equals("singly") ? 0 : 2);
    Settings settings = new Settings(Path.of(args[0]), Spools.PLENTY, sync, TimeSource.system());
    Spool spool;
    try {
      spool = new SqliteProvider().open(settings);
    } catch (LinkException e) {
      say(out, "refused " + e.getMessage());
      return;
    }
    say(out, "open");
    long tag = Long.parseLong(args[2]);
    switch (args[1]) {
      case "stream" -> stream(spool, tag, out);
      case "ask" -> answer(spool, tag, out);
      default -> {
        for (int i = 0; i < 50; i++) {
          Spools.append(spool, Spools.item(tag + i, 100));
        }
      }
    }
  }

  private static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }

  private static void stream(Spool spool, long firstTag, PrintStream out)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(firstTag);
    Semaphore room = new Semaphore(OUTSTANDING);
    long tag = firstTag;
    while (true) {
      room.acquire();
      List<byte[]> items = new ArrayList<>();
      StringBuilder tags = new StringBuilder();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        items.add(Spools.item(tag, random.nextInt(8, 2000)));
        tags.append(' ').append(tag++);
      }
      boolean remove = random.nextInt(3) == 0;
      spool.append(items).whenComplete((number, failure) -> {
        say(out, failure == null ? "accepted " + number + tags : "failed " + failure);
        if (remove) {
          say(out, "removing " + number);
          spool.remove(number);
        }
        room.release();
      });
    }
  }

  private static void answer(Spool spool, long firstTag, PrintStream out) throws IOException {
    long tag = firstTag;
    while (System.in.read() >= 0) {
      try {
        long number = Spools.append(spool, Spools.item(tag, 64 << 10));
        say(out, "accepted " + number + " " + tag++);
      } catch (RuntimeException e) {
        say(out, "failed " + e.getCause().getMessage());
      }
    }
  }
}
