package io.liblink.cli.command;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.message.Message;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints replies: as they are, as lines for people, or as JSON. */
final class ReplyText {
  private final Console console;
  private final boolean raw;
  private final boolean json;

  /** Neither: lines for people. */
  ReplyText(Console console, boolean raw, boolean json) {
    this.console = console;
    this.raw = raw;
    this.json = json;
  }

  /** Prints one reply; {@code more} are further keys for JSON. */
  void print(Message reply, Map<String, Object> more) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>(more);
      object.putAll(content(reply));
      console.line(new Json().line(object));
    } else if (raw) {
      console.bytes(reply.payload());
    } else {
      human(reply);
    }
  }

  private void human(Message reply) {
    byte[] payload = reply.payload();
    String text = Body.utf8(payload);
    if (text != null && printable(text)) {
      console.text(text.endsWith("\n") || text.isEmpty() ? text : text + "\n");
    } else if (console.dataIsTerminal()) {
      console.say(Figures.bytes(payload.length)
          + " of "
          + reply.contentType()
          + ", not text: send it to a file or a program, or say --raw to see it anyway");
    } else {
      console.bytes(payload);
    }
  }

  /** The parts of a message for JSON: the body as JSON, as text, or in base 64. */
  static Map<String, Object> content(Message message) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("contentType", message.contentType());
    object.put("headers", message.headers());
    object.putAll(body("body", message));
    return object;
  }

  /** The payload as JSON or as text under that name, or in base 64 under {@code nameBase64}. */
  static Map<String, Object> body(String name, Message message) {
    String text = Body.utf8(message.payload());
    if (text == null) {
      return Map.of(name + "Base64", Base64.getEncoder().encodeToString(message.payload()));
    }
    Object tree = message.contentType().equals(Message.JSON) ? new Json().tree(text) : null;
    return Map.of(name, tree == null ? text : tree);
  }

  private static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t' || c == '\r');
  }
}
