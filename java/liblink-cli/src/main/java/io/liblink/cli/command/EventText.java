package io.liblink.cli.command;

import io.liblink.Event;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.message.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints messages of topics: a line each, as they are, or as JSON. Thread-safe. */
final class EventText {
  private final Console console;
  private final boolean raw;
  private final boolean json;
  private final boolean named;
  private final Json mapper = new Json();

  /** With {@code named}, a line begins with the topic. */
  EventText(Console console, boolean raw, boolean json, boolean named) {
    this.console = console;
    this.raw = raw;
    this.json = json;
    this.named = named;
  }

  /** Prints all of them at once. */
  void print(List<Event<Message>> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256 * events.size());
    for (Event<Message> event : events) {
      if (json) {
        out.writeBytes((mapper.line(object(event)) + "\n").getBytes(StandardCharsets.UTF_8));
      } else if (raw) {
        out.writeBytes(event.message().payload());
      } else {
        if (named) {
          String topic = console.dataPaint().cyan(event.topic()) + "  ";
          out.writeBytes(topic.getBytes(StandardCharsets.UTF_8));
        }
        line(event.message(), out);
      }
    }
    console.bytes(out.toByteArray());
  }

  /** The body, with a line feed behind it when it is text that has none. */
  private void line(Message message, ByteArrayOutputStream out) {
    byte[] payload = message.payload();
    String text = Body.utf8(payload);
    if (text == null && console.dataIsTerminal()) {
      String instead = Figures.bytes(payload.length) + " of " + message.contentType() + "\n";
      out.writeBytes(console.dataPaint().dim(instead).getBytes(StandardCharsets.UTF_8));
      return;
    }
    out.writeBytes(payload);
    if (text != null && !text.endsWith("\n")) {
      out.write('\n');
    }
  }

  static Map<String, Object> object(Event<Message> event) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("topic", event.topic());
    object.put("node", event.node());
    object.put("publisher", event.publisher().toString());
    object.put("sequence", event.sequence());
    if (event.key() != null) {
      object.put("key", event.key());
    }
    if (event.lastValue()) {
      object.put("lastValue", true);
    }
    object.putAll(ReplyText.content(event.message()));
    return object;
  }
}
