package io.liblink.registry.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/vectors/registry-local.json}. */
final class Vectors {
  private Vectors() {}

  static JsonNode section(String name) {
    try {
      String text = Files.readString(Path.of("../../spec/vectors/registry-local.json"));
      JsonNode section = new JsonMapper().readTree(text).get(name);
      if (section == null || section.isEmpty()) {
        throw new AssertionError("no vectors called " + name);
      }
      return section;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(JsonNode vector) {
    return vector.has("hex")
        ? HexFormat.of().parseHex(vector.get("hex").asString())
        : vector.get("text").asString().getBytes(StandardCharsets.UTF_8);
  }
}
