package io.liblink.cli.command;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the lines that a program writes, or those of a stream, to a topic, on a thread of its own,
 * until they end or it is closed. Thread-safe.
 */
final class CommandFeed implements AutoCloseable {
  private final Target topic;
  private final Publication publication;
  private final Keys keys;
  private final @Nullable String type;
  private final Console console;
  private final @Nullable Process process;
  private volatile boolean closed;

  private CommandFeed(
      Target topic,
      Publication publication,
      Keys keys,
      @Nullable String type,
      Console console,
      @Nullable Process process) {
    this.topic = topic;
    this.publication = publication;
    this.keys = keys;
    this.type = type;
    this.console = console;
    this.process = process;
  }

  /** The lines of a stream. */
  static CommandFeed of(
      InputStream in,
      Target topic,
      Publication publication,
      Keys keys,
      @Nullable String type,
      Console console) {
    CommandFeed feed = new CommandFeed(topic, publication, keys, type, console, null);
    feed.start(in);
    return feed;
  }

  /** The lines of what {@code sh -c} runs, without an input; its complaints go where ours go. */
  static CommandFeed of(
      String command,
      Map<String, String> environment,
      Target topic,
      Publication publication,
      Keys keys,
      @Nullable String type,
      Console console)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> env = builder.environment();
    env.clear();
    env.putAll(environment);
    env.put("LIBLINK_SERVICE", topic.service());
    env.put("LIBLINK_TOPIC", topic.endpoint());
    Process process = builder.start();
    CommandFeed feed = new CommandFeed(topic, publication, keys, type, console, process);
    feed.start(process.getInputStream());
    return feed;
  }

  private void start(InputStream in) {
    Thread thread = new Thread(() -> run(in), "liblink-feed-" + topic.endpoint());
    thread.setDaemon(true);
    thread.start();
  }

  private void run(InputStream in) {
    try {
      Lines lines = new Lines(in, process == null ? "standard input" : "the command of " + topic);
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        publish(line);
      }
      ended();
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        console.problem(topic + " is fed no more: " + e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(byte[] line) {
    Keys.Keyed keyed = keys.of(new Message(Body.contentType(type, line), Map.of(), line));
    publication.publish(keyed.key(), keyed.message());
  }

  private void ended() throws InterruptedException {
    if (closed) {
      return;
    }
    String after = " after " + Figures.count(publication.published(), "message");
    if (process == null) {
      console.say("standard input has ended, " + topic + " is fed no more," + after);
      return;
    }
    int exit = process.waitFor();
    String text = "the command of " + topic + " has ended" + after
        + (exit == 0 ? "" : ", with exit code " + exit);
    if (exit == 0) {
      console.say(text);
    } else if (!closed) {
      console.problem(text);
    }
  }

  /** Ends the program, with what it started. */
  @Override
  public void close() {
    closed = true;
    if (process != null) {
      ShellCommand.kill(process);
    }
  }
}
