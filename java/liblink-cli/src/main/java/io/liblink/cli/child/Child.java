package io.liblink.cli.child;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * This program once more, as a process of its own. It ends when its standard input does, so it never
 * outlives the one that started it, however that ends. Thread-safe.
 */
public final class Child implements AutoCloseable {
  private static final int KEPT_LINES = 200;

  private final String name;
  private final Process process;
  private final CompletableFuture<String> firstLine = new CompletableFuture<>();
  private final ConcurrentLinkedDeque<String> complaints = new ConcurrentLinkedDeque<>();

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /** Starts it with these words. */
  public static Child start(String name, List<String> words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(words));
    builder.environment().keySet().removeIf(k -> k.startsWith("LIBLINK_"));
    Child child = new Child(name, builder.start());
    child.read();
    return child;
  }

  /** The command line of this very program: the same JVM, options and class path. */
  public static List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!argument.startsWith("-agentlib")
          && !argument.startsWith("-XX:AOTCacheOutput")
          && !argument.startsWith("-XX:ArchiveClassesAtExit")) {
        command.add(argument);
      }
    }
    String classPath = System.getProperty("java.class.path");
    command.addAll(
        classPath.endsWith(".jar") && classPath.indexOf(File.pathSeparatorChar) < 0
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, "io.liblink.cli.Main"));
    command.addAll(words);
    return command;
  }

  private void read() {
    Thread out = new Thread(this::readData, "liblink-child-out");
    Thread err = new Thread(this::readComplaints, "liblink-child-err");
    out.setDaemon(true);
    err.setDaemon(true);
    out.start();
    err.start();
  }

  private void readData() {
    try (BufferedReader reader = reader(process.getInputStream())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        firstLine.complete(line);
      }
    } catch (IOException e) {
      // it has ended: said below
    }
    firstLine.completeExceptionally(new IOException(name + " ended: " + lastComplaint()));
  }

  private void readComplaints() {
    try (BufferedReader reader = reader(process.getErrorStream())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        complaints.addLast(line);
        if (complaints.size() > KEPT_LINES) {
          complaints.pollFirst();
        }
      }
    } catch (IOException e) {
      // it has ended
    }
  }

  private static BufferedReader reader(java.io.InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** The name it was started under. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits for its first line of data, by which it says that it is ready.
   *
   * @throws IOException when it ends first, with what it complained of, or takes too long
   */
  public String awaitReady(Duration patience) throws IOException, InterruptedException {
    try {
      return firstLine.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(words(e), e);
    } catch (TimeoutException e) {
      throw new IOException(
          name + " was not ready within " + patience.toSeconds() + " s: " + lastComplaint(), e);
    }
  }

  private static String words(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  /** What it wrote to its standard error, at most the last lines. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  private String lastComplaint() {
    String last = complaints.peekLast();
    return last == null ? "it said nothing" : last;
  }

  /** SIGKILL: it gets no chance to say goodbye to anybody. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it: asks by closing its input, insists after a second. Idempotent. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
