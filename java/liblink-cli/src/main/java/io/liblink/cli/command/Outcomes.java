package io.liblink.cli.command;

import io.liblink.Item;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Prints what became of the items of a queue, and counts them. Thread-safe. */
final class Outcomes {
  private final Console console;
  private final boolean json;
  private final Json mapper = new Json();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();

  Outcomes(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /**
   * It was done.
   *
   * @param output what is printed for it, unless it is empty: in JSON as what it looks like, else as it
   *     is, text with a line feed at the end
   * @throws io.liblink.cli.output.BrokenPipe when nobody reads that
   */
  void acknowledged(String queue, Item item, byte[] output, long nanos) {
    printed(item);
    if (json) {
      Map<String, Object> object = object(queue, item, "acknowledged", nanos);
      Message content = new Message(Body.contentType(null, output), Map.of(), output);
      object.putAll(ReplyText.body("output", content));
      console.line(mapper.line(object));
    } else if (output.length > 0) {
      console.bytes(line(output));
    }
  }

  /** It was done by being printed. */
  void printed(Item item) {
    count(item);
    done.incrementAndGet();
  }

  /** It failed. */
  void rejected(String queue, Item item, LinkException failure, long nanos) {
    count(item);
    rejected.incrementAndGet();
    if (json) {
      Map<String, Object> object = object(queue, item, "rejected", nanos);
      object.put("status", failure.status().name());
      object.put("problem", failure.problem());
      console.line(mapper.line(object));
    } else {
      console.problem(console.paint().yellow("rejected") + " " + item.id() + ", attempt "
          + item.attempt() + ": " + failure.status() + ": " + failure.problem());
    }
  }

  private void count(Item item) {
    if (item.attempt() > 1) {
      repeated.incrementAndGet();
    }
  }

  /** Which one, so that it can be found again at its producer. */
  static String id(Item item) {
    return item.id().producer() + "/" + item.id().number();
  }

  private static Map<String, Object> object(String queue, Item item, String outcome, long nanos) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("queue", queue);
    object.put("id", id(item));
    object.put("attempt", item.attempt());
    object.put("outcome", outcome);
    object.put("elapsedMicros", nanos / 1000);
    return object;
  }

  /** The item itself, for who does its work elsewhere. */
  byte[] text(String queue, Item item) {
    Message message = item.message();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("queue", queue);
      object.put("id", id(item));
      object.put("attempt", item.attempt());
      object.put("producer", item.producer().spiffeId());
      object.putAll(ReplyText.content(message));
      return (mapper.line(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }
    return line(message.payload());
  }

  /** With a line feed behind it when it is text that has none. */
  private static byte[] line(byte[] bytes) {
    boolean ends = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
    if (ends || Body.utf8(bytes) == null) {
      return bytes;
    }
    byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    return line;
  }

  /** {@code 12 items done, 2 rejected, 1 of them not for the first time}. */
  String summary() {
    return Figures.count(done.get(), "item")
        + " done"
        + (rejected.get() == 0 ? "" : ", " + Figures.grouped(rejected.get()) + " rejected")
        + (repeated.get() == 0
            ? ""
            : ", " + Figures.grouped(repeated.get()) + " of them not at the first attempt");
  }
}
