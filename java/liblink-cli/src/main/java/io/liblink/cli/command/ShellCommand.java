package io.liblink.cli.command;

import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that is run once for each message: the payload is its standard input, a non-zero exit an
 * error. It is killed, with what it started, when the time is over or nobody is interested any more.
 * Thread-safe.
 *
 * <p>The three streams are files of a private directory: no pipe can fill up, and a program that
 * leaves something running in the background can't keep the message from being settled.
 */
final class ShellCommand {
  private static final long LOOK_MILLIS = 20;
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_WORDS = 500;
  private static final int FIRST_STATUS_EXIT = 64;

  /** Who waits for the program to end. */
  interface Waiting {
    /** What is left of the time; zero when it is over. */
    Duration remaining();

    /** Whether nobody waits any more. */
    boolean cancelled();

    /** Whose time it is, for messages: {@code the caller}. */
    String who();
  }

  private final String command;
  private final Map<String, String> environment;

  /**
   * To be run by {@code sh -c}.
   *
   * @param environment what the program gets besides what describes the message
   */
  ShellCommand(String command, Map<String, String> environment) {
    this.command = command;
    this.environment = environment;
  }

  /**
   * Runs it.
   *
   * @param variables what is added to its environment
   * @return what it wrote to its standard output
   * @throws LinkException when it failed or was killed
   */
  byte[] run(Message message, Map<String, String> variables, Waiting waiting)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("liblink-serve-");
    try {
      return run(message, variables, waiting, directory);
    } finally {
      delete(directory);
    }
  }

  private byte[] run(
      Message message, Map<String, String> variables, Waiting waiting, Path directory)
      throws IOException, InterruptedException {
    Path in = Files.write(directory.resolve("in"), message.payload());
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
        .redirectInput(in.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    Map<String, String> env = builder.environment();
    env.clear();
    env.putAll(environment);
    env.putAll(variables);
    Process process = builder.start();
    try {
      await(process, waiting, out);
    } finally {
      kill(process);
    }
    if (process.exitValue() != 0) {
      throw failure(process.exitValue(), lastLine(err));
    }
    return Files.readAllBytes(out);
  }

  private static void await(Process process, Waiting waiting, Path out)
      throws IOException, InterruptedException {
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (waiting.remaining().isZero()) {
        throw new LinkException(
            Status.DEADLINE_EXCEEDED,
            "the command was killed when " + waiting.who() + "'s time was over");
      }
      if (waiting.cancelled()) {
        throw new LinkException(
            Status.CANCELLED, "the command was killed: " + waiting.who() + " gave up");
      }
      if (Files.size(out) > MOST_BYTES) {
        throw new LinkException(
            Status.RESOURCE_EXHAUSTED,
            "the command was killed: it wrote more than " + Figures.bytes(MOST_BYTES));
      }
    }
  }

  /** The program and what it started; nothing happens when all of it has ended. */
  static void kill(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The variables for a message: {@code LIBLINK_CONTENT_TYPE}, {@code LIBLINK_HEADER_...}. */
  static Map<String, String> variables(Message message) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("LIBLINK_CONTENT_TYPE", message.contentType());
    message.headers().forEach((key, value) -> {
      if (value.indexOf('\0') < 0) {
        env.put("LIBLINK_HEADER_" + variable(key), value);
      }
    });
    return env;
  }

  private static String variable(String headerKey) {
    return headerKey.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** An exit code of 64 + status is that status, as this program itself exits; others UNKNOWN. */
  static LinkException failure(int exit, String lastLine) {
    Status status = exit > FIRST_STATUS_EXIT ? Status.of(exit - FIRST_STATUS_EXIT) : null;
    String text = lastLine.isEmpty() ? "the command ended with exit code " + exit : lastLine;
    return new LinkException(status == null ? Status.UNKNOWN : status, text);
  }

  private static String lastLine(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      String last = lines.filter(l -> !l.isBlank()).reduce("", (a, b) -> b).strip();
      String text = new String(last.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      return text.length() > MOST_WORDS ? text.substring(0, MOST_WORDS) : text;
    }
  }

  private static void delete(Path directory) throws IOException {
    for (String name : new String[] {"in", "out", "err"}) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
