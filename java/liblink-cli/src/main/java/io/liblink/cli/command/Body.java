package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.UsageException;
import io.liblink.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The request as the user gave it: in a parameter, a file or on standard input. */
final class Body {
  /** The library's default for the largest message. */
  private static final int MOST_BYTES = 64 << 20;

  static final Option DATA = Option.value(
          "--data", "DATA", "the body: text, @FILE, or @- for standard input")
      .or("-d");
  static final Option HEADER =
      Option.value("--header", "KEY=VALUE", "a header").or("-H").many();
  static final Option TYPE = Option.value(
          "--type",
          "TYPE",
          "json, text, bytes or a media type; without it JSON when the body is in {} or [],"
              + " else text when it is UTF-8")
      .or("-t");

  private Body() {}

  /** Makes the message; {@code parameter} is the BODY on the command line, null when it is not. */
  static Message of(Arguments arguments, @Nullable String parameter, InputStream in)
      throws IOException {
    String data = arguments.value("--data");
    if (data != null && parameter != null) {
      throw new UsageException("the body is given twice, as a parameter and by --data");
    }
    byte[] payload = payload(data, parameter, in);
    Message message =
        new Message(contentType(arguments.value("--type"), payload), java.util.Map.of(), payload);
    for (var header : arguments.pairs("--header").entrySet()) {
      message = message.withHeader(header.getKey(), header.getValue());
    }
    return message;
  }

  private static byte[] payload(@Nullable String data, @Nullable String parameter, InputStream in)
      throws IOException {
    String source = data == null ? (parameter == null ? "" : parameter) : data;
    boolean stdin = data == null ? source.equals("-") : source.equals("@-");
    if (stdin) {
      return bounded(in, "standard input");
    }
    if (data == null || !data.startsWith("@")) {
      return source.getBytes(StandardCharsets.UTF_8);
    }
    Path file = Path.of(data.substring(1));
    try (InputStream content = Files.newInputStream(file)) {
      return bounded(content, file.toString());
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file.toAbsolutePath());
    }
  }

  private static byte[] bounded(InputStream in, String source) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new UsageException(source + " holds more than the largest message, 64 MiB");
    }
    return bytes;
  }

  /** What the body is, by what was said or by its looks. */
  static String contentType(@Nullable String said, byte[] payload) {
    if (said != null) {
      return switch (said) {
        case "json" -> Message.JSON;
        case "text" -> Message.TEXT;
        case "bytes" -> Message.BYTES;
        default -> {
          if (said.indexOf('/') <= 0) {
            throw new UsageException(
                "--type takes json, text, bytes or a media type such as image/png, not '" + said
                    + "'");
          }
          yield said;
        }
      };
    }
    if (payload.length == 0) {
      return Message.BYTES;
    }
    String text = utf8(payload);
    if (text == null) {
      return Message.BYTES;
    }
    String trimmed = text.strip();
    boolean json = (trimmed.startsWith("{") && trimmed.endsWith("}"))
        || (trimmed.startsWith("[") && trimmed.endsWith("]"));
    return json ? Message.JSON : Message.TEXT;
  }

  /** The bytes as text, or null when they are not UTF-8. */
  static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
