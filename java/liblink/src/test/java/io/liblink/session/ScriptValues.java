package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What steps of a conversation hold, against what happened. */
public final class ScriptValues {
  private ScriptValues() {}

  /** Each has at least the members expected. */
  public static void check(JsonNode expected, List<Map<String, Object>> actual) {
    List<Map<String, Object>> wanted = new ArrayList<>();
    List<Map<String, Object>> seen = new ArrayList<>();
    int i = 0;
    for (JsonNode e : expected) {
      Map<String, Object> got = i < actual.size() ? actual.get(i) : Map.of();
      Map<String, Object> want = new LinkedHashMap<>();
      Map<String, Object> have = new LinkedHashMap<>();
      for (String member : e.propertyNames()) {
        want.put(member, plain(member, e.get(member)));
        have.put(member, plain(got.get(member)));
      }
      wanted.add(want);
      seen.add(have);
      i++;
    }
    assertThat(actual.size() > i ? actual.toString() : seen.toString())
        .isEqualTo(wanted.toString());
  }

  private static String plain(String member, JsonNode value) {
    return member.equals("payload") ? digest(bytes(value)) : value.asString();
  }

  private static String plain(Object value) {
    return value instanceof byte[] bytes ? digest(bytes) : String.valueOf(value);
  }

  private static String digest(byte[] bytes) {
    return bytes.length <= 64
        ? HexFormat.of().formatHex(bytes)
        : bytes.length + " bytes, " + Arrays.hashCode(bytes);
  }

  /** Hex digits and runs, as bytes. */
  public static byte[] bytes(JsonNode value) {
    if (value.isString()) {
      return HexFormat.of().parseHex(value.asString());
    }
    List<byte[]> parts = new ArrayList<>();
    for (JsonNode part : value) {
      parts.add(
          part.isString()
              ? HexFormat.of().parseHex(part.asString())
              : FrameText.filled(
                  HexFormat.fromHexDigits(part.get(0).asString()), part.get(1).asInt()));
    }
    return FrameText.join(parts);
  }
}
