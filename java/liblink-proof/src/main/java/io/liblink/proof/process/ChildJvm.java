package io.liblink.proof.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ChildMain} process as its proof sees it. Questions are asked one at a time; killing, stopping and
 * closing are for any thread.
 */
public final class ChildJvm implements AutoCloseable {
  private static final String ENDED = "failed the process ended";
  private static final int LAST_LINES = 12;

  private final String name;
  private final Process process;
  private final Path errors;
  private final BufferedWriter commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private final Object freezing = new Object();

  /** Guarded by {@link #freezing}. */
  private @Nullable Process freezer;

  /** Guarded by this. */
  private boolean ready;

  private ChildJvm(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readAnswers, "answers of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  static ChildJvm start(String name, List<String> command, Path errors) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(k -> k.startsWith("LIBLINK_"));
    return new ChildJvm(name, builder.start(), errors);
  }

  private void readAnswers() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = reader.readLine()) != null) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("failed " + e);
    }
    answers.add(ENDED);
  }

  /** The name it was started under. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it is ready. Returns at once when it was waited for before. */
  public synchronized ChildJvm awaitReady(Duration patience)
      throws IOException, InterruptedException {
    if (!ready) {
      expect("ready", "start", patience);
      ready = true;
    }
    return this;
  }

  /** Whether it has become ready by now. */
  public synchronized boolean isReady() throws IOException {
    if (!ready && !answers.isEmpty()) {
      try {
        awaitReady(Duration.ZERO);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ready;
  }

  /**
   * Asks it something and waits for the answer.
   *
   * @throws IOException when it could not do that, ended, or does not answer in time; with the last words of its log
   */
  public synchronized Facts ask(String command, Duration patience)
      throws IOException, InterruptedException {
    awaitReady(patience);
    commands.write(command + "\n");
    commands.flush();
    return Facts.parse(expect("ok", command, patience));
  }

  private String expect(String word, String command, Duration patience)
      throws IOException, InterruptedException {
    String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new IOException(name + " gave no answer to '" + command + "' within "
          + patience.toMillis() + " ms; its log ends so:\n" + lastWords());
    }
    if (!line.startsWith(word)) {
      throw new IOException(
          name + " at '" + command + "': " + line + "; its log ends so:\n" + lastWords());
    }
    return line.substring(word.length());
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(errors, StandardCharsets.ISO_8859_1);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  /** SIGKILL: it gets no chance to do anything. Returns when the process is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    resumeQuietly();
  }

  /**
   * SIGSTOP: it stands still until {@link #resume}. Returns when the signal is sent. Should the proof itself end
   * without it, the process goes on, sees that, and ends.
   */
  public void freeze() throws IOException {
    synchronized (freezing) {
      if (freezer != null) {
        return;
      }
      // Whatever ends this JVM ends the input of the shell, and then it says CONT.
      freezer = new ProcessBuilder(
              "sh",
              "-c",
              "kill -STOP \"$0\" && echo stopped; read -r _; kill -CONT \"$0\"",
              Long.toString(pid()))
          .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
          .start();
      if (freezer.getInputStream().read() < 0) {
        throw new IOException(name + " could not be stopped:\n" + lastWords());
      }
    }
  }

  /** SIGCONT, when it was stopped. Returns when the signal is sent. */
  public void resume() throws IOException, InterruptedException {
    synchronized (freezing) {
      if (freezer != null) {
        freezer.getOutputStream().close();
        freezer.waitFor();
        freezer = null;
      }
    }
  }

  private void resumeQuietly() {
    try {
      resume();
    } catch (IOException e) {
      // nobody is left to resume
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its resident memory in KiB, as the system counts it. */
  public long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(name + " is gone");
  }

  /** Ends it at once. Idempotent. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    resumeQuietly();
  }

  /** The java program and class path of this JVM, with those flags and arguments. */
  static List<String> command(List<String> flags, List<String> arguments) {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ChildMain.class.getName());
    command.addAll(arguments);
    return command;
  }
}
