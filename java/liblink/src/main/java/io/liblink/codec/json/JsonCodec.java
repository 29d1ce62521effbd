package io.liblink.codec.json;

import io.liblink.codec.Codec;
import io.liblink.message.Message;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * JSON in UTF-8, RFC 8259. Names no type of the JSON library, so that this class costs nothing until
 * a value needs it: loading the library takes longer than a call. Thread-safe.
 */
public final class JsonCodec implements Codec {
  private volatile @Nullable JsonMapping mapping;

  /** One for each node: it remembers what it learned of types. */
  public JsonCodec() {}

  @Override
  public String contentType() {
    return Message.JSON;
  }

  @Override
  public byte[] encode(Object value) {
    return mapping().write(value);
  }

  @Override
  @SuppressWarnings("unchecked") // primitives arrive boxed, which Class.cast refuses
  public <T> T decode(byte[] payload, Class<T> type) {
    return (T) decode(payload, (Type) type);
  }

  @Override
  public Object decode(byte[] payload, Type type) {
    return mapping().read(Codecs.text(payload), type);
  }

  /** Two threads may make one each; the later one stays. */
  private JsonMapping mapping() {
    JsonMapping made = mapping;
    if (made == null) {
      made = new JsonMapping();
      mapping = made;
    }
    return made;
  }
}
