package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.output.Console;
import io.liblink.message.Message;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command sends: the body of the command line, once or so many times, or the lines of standard
 * input as they come. Not thread-safe.
 */
final class Outgoing {
  static final Option COUNT = Option.value(
          "--count", "N", "the body so many times, or so many lines of standard input")
      .or("-n");

  private final @Nullable Message body;
  private final @Nullable Lines lines;
  private final @Nullable String type;
  private final Map<String, String> headers;
  private long left;

  private Outgoing(
      @Nullable Message body,
      @Nullable Lines lines,
      @Nullable String type,
      Map<String, String> headers,
      long left) {
    this.body = body;
    this.lines = lines;
    this.type = type;
    this.headers = headers;
    this.left = left;
  }

  /** {@code parameter} is the BODY on the command line, null when it is not. */
  static Outgoing of(Arguments arguments, @Nullable String parameter, Console console)
      throws IOException {
    int count = arguments.number("--count", 0, 1, Integer.MAX_VALUE);
    String type = arguments.value("--type");
    if (parameter != null || arguments.has("--data")) {
      Message body = Body.of(arguments, parameter, console.in());
      return new Outgoing(body, null, type, Map.of(), Math.max(1, count));
    }
    Body.contentType(type, new byte[0]);
    return new Outgoing(
        null,
        new Lines(console.in(), "standard input"),
        type,
        arguments.pairs("--header"),
        count == 0 ? Long.MAX_VALUE : count);
  }

  /** Whether it reads standard input line by line. */
  boolean reads() {
    return lines != null;
  }

  /** The next message, or null when there is none left. */
  @Nullable
  Message next() throws IOException {
    if (left == 0) {
      return null;
    }
    left--;
    if (lines == null) {
      return body;
    }
    byte[] line = lines.next();
    if (line == null) {
      left = 0;
      return null;
    }
    Message message = new Message(Body.contentType(type, line), Map.of(), line);
    for (var header : headers.entrySet()) {
      message = message.withHeader(header.getKey(), header.getValue());
    }
    return message;
  }

  /** Whether the next message is there, or the end, without waiting for standard input. */
  boolean ready() throws IOException {
    return lines == null || left == 0 || lines.ready();
  }
}
