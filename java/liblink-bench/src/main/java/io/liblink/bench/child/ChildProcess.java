package io.liblink.bench.child;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A process that takes commands, such as {@link ChildMain}, as its runner sees it. For one thread, except {@link #close}. */
public final class ChildProcess implements AutoCloseable {
  private static final Pattern ANSWER = Pattern.compile("(ready|ok|failed)\\b");
  private static final String ENDED = "failed the process ended";

  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path errors;

  private ChildProcess(Process process, Path errors) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.errors = errors;
    Thread reader = new Thread(this::readAnswers, "answers of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one, on the class path of this JVM.
   *
   * @param jvm the java program and its flags
   * @param arguments of {@link ChildMain}
   * @param errors takes what the process writes to its standard error
   */
  static ChildProcess start(List<String> jvm, List<String> arguments, Path errors)
      throws IOException {
    return start(jvm, ChildMain.class, arguments, errors);
  }

  /**
   * Starts another program.
   *
   * @param main prints {@code ready} and what it has to say, then for each line of its input one that
   *     begins with {@code ok} or {@code failed}, and ends with its input
   */
  public static ChildProcess start(
      List<String> jvm, Class<?> main, List<String> arguments, Path errors) throws IOException {
    List<String> command = new ArrayList<>(jvm);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return new ChildProcess(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  private void readAnswers() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = reader.readLine()) != null) {
        if (ANSWER.matcher(line).lookingAt()) { // agents and native code print here too
          answers.add(line);
        }
      }
    } catch (IOException e) {
      answers.add("failed " + e);
    }
    answers.add(ENDED);
  }

  /** Sends a command and waits for its answer; gives what follows {@code ok}. */
  public String ask(String command, Duration patience) throws IOException, InterruptedException {
    commands.write(command + "\n");
    commands.flush();
    return expect("ok", command, patience);
  }

  /** Waits for the first line; gives what follows {@code ready}. */
  public String awaitReady(Duration patience) throws IOException, InterruptedException {
    return expect("ready", "start", patience);
  }

  private String expect(String word, String command, Duration patience)
      throws IOException, InterruptedException {
    String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new IOException("no answer to '" + command + "' within " + patience.toSeconds() + " s");
    }
    if (!line.startsWith(word)) {
      throw new IOException(line.equals(ENDED) ? line + "; " + lastError() : line);
    }
    return line.substring(word.length()).trim();
  }

  private String lastError() throws IOException {
    List<String> lines = Files.readAllLines(errors);
    return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it and everything that it started: at first by the end of its input, then by force. */
  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends it at once, with what it started. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
