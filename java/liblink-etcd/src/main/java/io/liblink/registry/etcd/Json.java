package io.liblink.registry.etcd;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of etcd's gateway: bytes are base64, 64-bit numbers are text, and what has its default
 * value is left out. Thread-safe.
 */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static byte[] write(Map<String, ?> body) {
    return MAPPER.writeValueAsBytes(body);
  }

  /** Reads an object; null when it is none. */
  static @Nullable JsonNode object(byte[] bytes) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      return node != null && node.isObject() ? node : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** A 64-bit number, as text or as number; 0 when it is missing or neither. */
  static long number(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isIntegralNumber()) {
      return value.canConvertToLong() ? value.longValue() : 0;
    }
    if (!value.isString()) {
      return 0;
    }
    try {
      return Long.parseLong(value.stringValue());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static boolean isTrue(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isBoolean() && value.booleanValue();
  }

  /** Text; empty when it is missing or none. */
  static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isString() ? value.stringValue() : "";
  }

  /** Bytes; empty when they are missing or not base64. */
  static byte[] bytes(JsonNode object, String field) {
    try {
      return Base64.getDecoder().decode(text(object, field));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A key for a request; see {@link #key}. */
  static String base64(String key) {
    return base64(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * A key: one character for each byte, since foreign keys may be no text, and must neither be taken
   * for each other nor change their order. Keys of liblink are ASCII.
   */
  static String key(JsonNode kv) {
    return new String(bytes(kv, "key"), StandardCharsets.ISO_8859_1);
  }
}
