package io.liblink.testing;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One line of {@code spec/vectors/frames.json}. Hex is a string, or a list of strings and of pairs
 * {@code [string, times]} where a repetition would fill pages.
 *
 * @param name unique
 * @param why what it shows
 * @param spec the section it shows it of
 * @param bytes the whole frame
 * @param frame its fields; null for a bad one and for one that is skipped
 * @param canonical whether a sender writes exactly these bytes for these fields
 * @param error the section that the refusal names; null for a good one
 */
@SuppressWarnings("ArrayRecordComponent")
public record Vector(
    String name,
    String why,
    String spec,
    byte[] bytes,
    @Nullable Map<String, Object> frame,
    boolean canonical,
    @Nullable String error) {
  /** From this many equal bytes on they are written as a repetition. */
  private static final int REPETITION = 256;

  /** Reads one. */
  static Vector read(JsonNode json, @Nullable Map<String, Object> frame) {
    JsonNode error = json.get("error");
    return new Vector(
        json.get("name").asString(),
        json.get("why").asString(),
        json.get("spec").asString(),
        bytes(json.get("hex")),
        frame,
        !json.has("decode_only"),
        error == null ? null : error.asString());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("why", why);
    json.put("spec", spec);
    json.put("hex", hex(bytes));
    if (error != null) {
      json.put("error", error);
      return json;
    }
    if (!canonical) {
      json.put("decode_only", true);
    }
    if (frame == null) {
      json.put("skipped", true);
    } else {
      json.put("frame", frame);
    }
    return json;
  }

  /** Bytes as JSON. */
  public static Object hex(byte[] bytes) {
    List<Object> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; ) {
      int same = i;
      while (same < bytes.length && bytes[same] == bytes[i]) {
        same++;
      }
      if (same - i >= REPETITION) {
        if (i > from) {
          parts.add(HexFormat.of().formatHex(bytes, from, i));
        }
        parts.add(List.of(HexFormat.of().toHexDigits(bytes[i]), same - i));
        from = same;
      }
      i = same;
    }
    if (from < bytes.length || parts.isEmpty()) {
      parts.add(HexFormat.of().formatHex(bytes, from, bytes.length));
    }
    return parts.size() == 1 && parts.get(0) instanceof String ? parts.get(0) : parts;
  }

  /** JSON as bytes. */
  public static byte[] bytes(JsonNode hex) {
    if (hex.isString()) {
      return HexFormat.of().parseHex(hex.asString());
    }
    RawBytes all = new RawBytes();
    for (JsonNode part : hex) {
      int times = part.isString() ? 1 : part.get(1).asInt();
      String digits = part.isString() ? part.asString() : part.get(0).asString();
      for (int i = 0; i < times; i++) {
        all.hex(digits);
      }
    }
    return all.done();
  }

  @Override
  public String toString() {
    return name;
  }
}
