package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.UsageException;
import io.liblink.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which key a message is published under. */
final class Keys {
  static final Option KEY = Option.value("--key", "KEY", "publish under that key");
  static final Option SPLIT = Option.value(
      "--key-split",
      "TEXT",
      "of a line that has TEXT, what is before it is the key, what is behind the body");

  /** A message and its key. */
  record Keyed(@Nullable String key, Message message) {}

  private final @Nullable String key;
  private final byte @Nullable [] split;
  private final @Nullable String type;

  private Keys(@Nullable String key, byte @Nullable [] split, @Nullable String type) {
    this.key = key;
    this.split = split;
    this.type = type;
  }

  static Keys of(Arguments arguments) {
    String key = arguments.value("--key");
    String split = arguments.value("--key-split");
    if (key != null && split != null) {
      throw new UsageException("--key and --key-split exclude each other");
    }
    if ((key != null && key.isEmpty()) || (split != null && split.isEmpty())) {
      throw new UsageException((key == null ? "--key-split" : "--key") + " must not be empty");
    }
    return new Keys(
        key,
        split == null ? null : split.getBytes(StandardCharsets.UTF_8),
        arguments.value("--type"));
  }

  /** Finds the key; a line without one stays whole. */
  Keyed of(Message message) {
    byte[] text = split;
    if (text == null) {
      return new Keyed(key, message);
    }
    byte[] line = message.payload();
    int at = indexOf(line, text);
    if (at <= 0) {
      return new Keyed(null, message);
    }
    byte[] body = Arrays.copyOfRange(line, at + text.length, line.length);
    return new Keyed(
        new String(line, 0, at, StandardCharsets.UTF_8),
        new Message(Body.contentType(type, body), message.headers(), body));
  }

  private static int indexOf(byte[] line, byte[] text) {
    for (int i = 0; i + text.length <= line.length; i++) {
      if (Arrays.equals(line, i, i + text.length, text, 0, text.length)) {
        return i;
      }
    }
    return -1;
  }
}
