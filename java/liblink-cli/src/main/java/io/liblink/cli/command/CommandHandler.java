package io.liblink.cli.command;

import io.liblink.Handler;
import io.liblink.Request;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A method answered by a program: the payload is its standard input, its standard output the reply,
 * a non-zero exit an error. The program is killed, with what it started, when the caller's time is
 * over or the caller lost interest. Thread-safe; at most as many run at once as there are slots.
 *
 * <p>The three streams are files of a private directory: no pipe can fill up, and a program that
 * leaves something running in the background can't keep the call from ending.
 */
final class CommandHandler implements Handler {
  private static final long LOOK_MILLIS = 20;
  private static final long MOST_BYTES = 64L << 20;
  private static final int FIRST_STATUS_EXIT = 64;

  private final String command;
  private final Map<String, String> environment;
  private final Semaphore slots;
  private final int concurrency;
  private final @Nullable String type;

  /**
   * Runs {@code command} by {@code sh -c}.
   *
   * @param environment what the program gets besides the variables of the request
   * @param slots shared by all methods of the service
   * @param concurrency how many slots there are, for the message
   * @param type the content type of replies, null to go by their looks
   */
  CommandHandler(
      String command,
      Map<String, String> environment,
      Semaphore slots,
      int concurrency,
      @Nullable String type) {
    this.command = command;
    this.environment = environment;
    this.slots = slots;
    this.concurrency = concurrency;
    this.type = type;
  }

  @Override
  public Message handle(Request request) throws Exception {
    if (!slots.tryAcquire()) {
      throw new LinkException(
          Status.RESOURCE_EXHAUSTED,
          Figures.count(concurrency, "command") + " run already; --concurrency sets how many may");
    }
    try {
      Path directory = Files.createTempDirectory("liblink-serve-");
      try {
        return run(request, directory);
      } finally {
        delete(directory);
      }
    } finally {
      slots.release();
    }
  }

  private Message run(Request request, Path directory) throws IOException, InterruptedException {
    Path in = Files.write(directory.resolve("in"), request.message().payload());
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
        .redirectInput(in.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    Map<String, String> env = builder.environment();
    env.clear();
    env.putAll(environment);
    describe(request, env);
    Process process = builder.start();
    try {
      await(process, request, out);
    } finally {
      kill(process);
    }
    if (process.exitValue() != 0) {
      throw failure(process.exitValue(), lastLine(err));
    }
    byte[] reply = Files.readAllBytes(out);
    String contentType = Body.contentType(type, reply);
    return new Message(contentType, Map.of(), reply);
  }

  private void await(Process process, Request request, Path out)
      throws IOException, InterruptedException {
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (request.remaining().isZero()) {
        throw new LinkException(
            Status.DEADLINE_EXCEEDED, "the command was killed when the caller's time was over");
      }
      if (request.cancelled()) {
        throw new LinkException(Status.CANCELLED, "the command was killed: the caller gave up");
      }
      if (Files.size(out) > MOST_BYTES) {
        throw new LinkException(
            Status.RESOURCE_EXHAUSTED,
            "the command was killed: it wrote more than " + Figures.bytes(MOST_BYTES));
      }
    }
  }

  /** The program and what it started; nothing happens when all of it has ended. */
  private static void kill(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void describe(Request request, Map<String, String> env) {
    env.put("LIBLINK_SERVICE", request.service());
    env.put("LIBLINK_METHOD", request.method());
    env.put("LIBLINK_CALLER", request.caller().spiffeId());
    env.put("LIBLINK_REMAINING_MS", Long.toString(request.remaining().toMillis()));
    env.put("LIBLINK_ATTEMPT", Integer.toString(request.attempt()));
    env.put("LIBLINK_CONTENT_TYPE", request.message().contentType());
    env.put("TRACEPARENT", request.traceparent());
    request.message().headers().forEach((key, value) -> {
      if (value.indexOf('\0') < 0) {
        env.put("LIBLINK_HEADER_" + variable(key), value);
      }
    });
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
      return text.length() > 500 ? text.substring(0, 500) : text;
    }
  }

  private static void delete(Path directory) throws IOException {
    for (String name : new String[] {"in", "out", "err"}) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
