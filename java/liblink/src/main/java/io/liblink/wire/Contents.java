package io.liblink.wire;

import io.liblink.message.Message;
import java.util.Map;

/** Messages as they travel: raw bytes have no content type on the wire. */
public final class Contents {
  private static final Text TEXT = Text.of(Message.TEXT);
  private static final Text JSON = Text.of(Message.JSON);

  private Contents() {}

  /** As it travels. */
  public static Content of(Message message) {
    return new Content(message.headers(), type(message.contentType()), message.payload());
  }

  /** The same with other headers. */
  public static Content of(Message message, Map<String, String> headers) {
    return new Content(headers, type(message.contentType()), message.payload());
  }

  private static Text type(String type) {
    return switch (type) {
      case Message.BYTES -> Text.EMPTY;
      case Message.JSON -> JSON;
      case Message.TEXT -> TEXT;
      default -> Text.of(type);
    };
  }

  /** As it is seen. */
  public static Message message(Content content) {
    String type = content.contentType().toString();
    String seen = type.isEmpty() ? Message.BYTES : type;
    Pieces pieces = content.pieces();
    return pieces == null
        ? new Message(seen, content.headers(), content.payload())
        : new Message(seen, content.headers(), pieces, pieces.size());
  }
}
