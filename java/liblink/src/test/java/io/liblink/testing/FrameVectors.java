package io.liblink.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/vectors/frames.json}: made from {@link RawFrame} alone, read by the tests. */
public final class FrameVectors {
  /** Relative to the module, where tests run. */
  public static final Path SPEC = Path.of("../../spec");

  private static final Path FILE = SPEC.resolve("vectors/frames.json");
  private static final Path SEEDS =
      Path.of("src/test/resources/io/liblink/wire/WireFuzzTestInputs");
  private static final int LARGEST_SEED = 2048;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ABOUT =
      "Golden frames of liblink/1, header included. 'good' ones decode to 'frame' and, unless"
          + " 'decode_only', encode to 'hex'; 'skipped' ones are read over. 'bad' ones are an error of"
          + " the link, by the section in 'error'. hex is a string, or a list of strings and of"
          + " [string, times]; so is payload. sequence is a decimal string, since it has 64 bits.";

  private FrameVectors() {}

  /** Those that decode, or are skipped. */
  public static List<Vector> good() throws IOException {
    return read("good");
  }

  /** Those that are refused. */
  public static List<Vector> bad() throws IOException {
    return read("bad");
  }

  private static List<Vector> read(String list) throws IOException {
    List<Vector> vectors = new ArrayList<>();
    for (JsonNode json : JSON.readTree(committed()).get(list)) {
      Map<String, Object> frame = null;
      if (json.has("frame")) {
        frame = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.get("frame").properties()) {
          frame.put(field.getKey(), field.getValue());
        }
      }
      vectors.add(Vector.read(json, frame));
    }
    return vectors;
  }

  /** The file as it is. */
  public static String committed() throws IOException {
    return Files.readString(FILE);
  }

  /** The file as it would be written now. */
  public static String generated() {
    return "{\n  \"protocol\": \"liblink/1\",\n  \"about\": "
        + JSON.writeValueAsString(ABOUT)
        + ",\n"
        + list("good", new GoodFrames().all())
        + ",\n"
        + list("bad", new BadFrames().all())
        + "\n}\n";
  }

  private static String list(String name, List<Vector> vectors) {
    List<String> lines = new ArrayList<>();
    vectors.forEach(v -> lines.add("    " + JSON.writeValueAsString(v.json())));
    return "  \"" + name + "\": [\n" + String.join(",\n", lines) + "\n  ]";
  }

  /** Writes the file anew, and the seeds of the fuzzer; only for a change that is meant. */
  public static void main(String[] args) throws IOException {
    Files.writeString(FILE, generated());
    byte[] link = new byte[0];
    for (Vector v : new GoodFrames().all()) {
      if (v.bytes().length <= LARGEST_SEED) {
        seed("aBodyIsReadOrRefused", v.name(), v.bytes());
        link = new RawBytes().raw(link).raw(v.bytes()).done();
      }
    }
    seed("aLinkIsReadOrRefused", "all", link);
    seed("aLinkIsReadOrRefused", "call", conversation());
  }

  private static byte[] conversation() {
    RawBytes link = new RawBytes().raw(RawFrame.hello("shop", "web-1").bytes());
    link.raw(RawFrame.call(1, "a/b", new byte[3]).bytes())
        .raw(RawFrame.largeCall(3, "a/b", 20000).bytes());
    link.raw(RawFrame.fragment(3, new byte[100]).bytes())
        .raw(RawFrame.cancel(3, 1).bytes());
    return link.raw(RawFrame.goAway(0, 14, "draining").bytes()).done();
  }

  private static void seed(String test, String name, byte[] bytes) throws IOException {
    Files.createDirectories(SEEDS.resolve(test));
    Files.write(SEEDS.resolve(test).resolve(name), bytes);
  }
}
