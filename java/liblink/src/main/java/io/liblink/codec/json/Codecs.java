package io.liblink.codec.json;

import io.liblink.codec.Codec;
import io.liblink.message.Message;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values to messages and back. {@code byte[]} travels as raw bytes, {@code String} as UTF-8 text,
 * {@link Message} as it is, everything else through a codec: the user's first, JSON last.
 *
 * <p>Reading is lenient where nothing can go wrong: {@code byte[]} takes the payload of any message,
 * {@code String} the text of any payload that is UTF-8 (of JSON too, with its quotes). Any other type
 * needs the content type of one of the codecs. Thread-safe.
 */
public final class Codecs {
  private final List<Codec> codecs;

  /** The user's codecs, in the order in which they are asked, and then JSON. */
  public Codecs(List<Codec> users) {
    List<Codec> all = new ArrayList<>(users);
    all.add(new JsonCodec());
    this.codecs = List.copyOf(all);
  }

  /**
   * The message of a value; of null, the empty message.
   *
   * @throws IllegalArgumentException when the codec can't write the value
   */
  public Message encode(@Nullable Object value) {
    return encode(value, "");
  }

  /**
   * The message of a value, in the content type that is preferred if a codec has it: a reply in the
   * language of its request.
   *
   * @throws IllegalArgumentException when the codec can't write the value
   */
  public Message encode(@Nullable Object value, String preferred) {
    if (value == null) {
      return Message.empty();
    }
    if (value instanceof Message message) {
      return message;
    }
    if (value instanceof byte[] bytes) {
      return Message.of(bytes);
    }
    if (value instanceof String text) {
      return Message.text(text);
    }
    Codec codec = writer(value.getClass(), preferred);
    return Message.of(codec.encode(value)).withContentType(codec.contentType());
  }

  /**
   * The value of a message. Null for {@code Void} and {@code void}, whatever the message holds, and
   * never otherwise.
   *
   * @throws IllegalArgumentException when the message does not fit the type; for the sender to read
   * @throws IllegalStateException when nothing can be read into that type
   */
  @SuppressWarnings("unchecked") // a Class is a Type of itself; primitives arrive boxed
  public <T> T decode(Message message, Class<T> type) {
    return (T) decode(message, (Type) type);
  }

  /** The same for a type that may have parameters, such as {@code List<Quote>}. */
  @SuppressWarnings("NullAway") // null is the one value of Void
  public Object decode(Message message, Type type) {
    if (type == Void.class || type == void.class) {
      return null;
    }
    if (type == Message.class) {
      return message;
    }
    if (type == byte[].class) {
      return message.payload();
    }
    if (type == String.class) {
      return text(message.payload());
    }
    return reader(message, type).decode(message.payload(), type);
  }

  private Codec writer(Class<?> type, String preferred) {
    String wanted = bare(preferred);
    for (Codec codec : codecs) {
      if (matches(codec, wanted) && codec.handles(type)) {
        return codec;
      }
    }
    for (Codec codec : codecs) {
      if (codec.handles(type)) {
        return codec;
      }
    }
    throw new IllegalStateException("JSON handles every class");
  }

  private Codec reader(Message message, Type type) {
    String wanted = bare(message.contentType());
    Set<String> known = new LinkedHashSet<>();
    for (Codec codec : codecs) {
      if (!(type instanceof Class<?> plain) || codec.handles(plain)) {
        if (matches(codec, wanted)) {
          return codec;
        }
        known.add(codec.contentType());
      }
    }
    throw new IllegalArgumentException(
        (message.payload().length == 0 ? "an empty message, " : "the payload is ")
            + Complaint.brief(message.contentType())
            + ", where "
            + String.join(" or ", known)
            + " is read: send that, and say so in the content type");
  }

  /** The media type without parameters, in lower case. */
  private static String bare(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  private static boolean matches(Codec codec, String wanted) {
    String own = bare(codec.contentType());
    return own.equals(wanted) || (own.equals(Message.JSON) && wanted.endsWith("+json"));
  }

  /** Strict UTF-8: a wrong byte is a fault of the sender, not a question mark for the reader. */
  static String text(byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8 at byte " + bytes.position(), e);
    }
  }
}
