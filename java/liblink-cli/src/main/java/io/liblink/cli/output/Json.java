package io.liblink.cli.output;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out, for listings and for the tables the program carries. Thread-safe. */
public final class Json {
  private final JsonMapper mapper = JsonMapper.builder()
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .build();

  /** One line of JSON; a record's components are its keys, in their order. */
  public String line(Object value) {
    return mapper.writeValueAsString(value);
  }

  /** The text as a tree to embed in another document, or null when it is not JSON. */
  public @Nullable Object tree(String text) {
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Reads a document. */
  public <T> T read(InputStream in, Class<T> type) {
    return mapper.readValue(in, type);
  }
}
