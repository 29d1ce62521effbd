package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.testing.FrameVectors;
import io.liblink.testing.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code spec/protocol.md} against the code. */
class SpecTest {
  private static final Pattern REFERENCE = Pattern.compile("§(\\d+(\\.\\d+)*)");

  private final String spec = Files.readString(FrameVectors.SPEC.resolve("protocol.md"));

  SpecTest() throws IOException {}

  @Test
  void everySectionThatTheCodeNamesExists() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String floor : new String[] {"wire", "session"}) {
      try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/liblink", floor))) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(f -> named.addAll(named(f)));
      }
    }
    assertThat(named).contains("3.2", "4.10", "5.2");
    assertThat(sections()).containsAll(named);
  }

  @Test
  void everySectionThatTheSpecNamesExists() {
    assertThat(sections()).containsAll(references(spec));
  }

  @Test
  void everySectionThatAVectorOrATableNamesExists() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Vector v : FrameVectors.good()) {
      named.addAll(references(v.spec()));
    }
    for (Vector v : FrameVectors.bad()) {
      named.addAll(references(v.spec()));
    }
    named.addAll(named(FrameVectors.SPEC.resolve("frames.json")));
    named.addAll(named(FrameVectors.SPEC.resolve("limits.json")));
    assertThat(sections()).containsAll(named);
  }

  @Test
  void theWorkedExampleIsWhatTheCodeReadsAndWrites() {
    List<byte[]> example = example();
    Texts texts = new Texts();
    List<AnyFrame> frames = new ArrayList<>();
    for (byte[] bytes : example) {
      AnyFrame frame = AnyFrame.read(ByteBuffer.wrap(bytes), texts);
      assertThat(frame.write()).isEqualTo(bytes);
      frames.add(frame);
    }
    assertThat(frames).hasSize(4);
    NodeId acceptor = NodeId.parse("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    NodeId dialer = NodeId.parse("000102030405060708090a0b0c0d0e0f");
    assertThat(frames.get(0).frame()).isEqualTo(hello("price-1", acceptor, Map.of("zone", "eu")));
    assertThat(frames.get(1).frame()).isEqualTo(hello("web-1", dialer, Map.of()));
    OpenFrame open = (OpenFrame) frames.get(2).frame();
    assertThat(open)
        .isEqualTo(new OpenFrame(
            OpenFrame.CALL,
            1,
            5000,
            new TraceContext(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0x00f067aa0ba902b7L, 1),
            -1,
            Text.of("pricing/quote"),
            open.content()));
    assertThat(open.content().headers()).containsExactly(Map.entry("tenant", "acme"));
    assertThat(open.content().payload()).asString().isEqualTo("{\"id\":\"A-1\"}");
    CloseFrame close = (CloseFrame) frames.get(3).frame();
    assertThat(close).isEqualTo(CloseFrame.ok(close.content()));
    assertThat(close.content().contentType()).hasToString("application/json");
    assertThat(close.content().payload()).asString().isEqualTo("{\"id\":\"A-1\",\"cents\":1299}");
  }

  private static HelloFrame hello(String node, NodeId id, Map<String, String> metadata) {
    return new HelloFrame(
        1,
        "shop",
        node,
        id,
        Protocol.FRAME_LIMIT,
        64 << 20,
        4096,
        15000,
        Protocol.INITIAL_WINDOW,
        0,
        "liblink-java/0.1.0",
        metadata);
  }

  /** The blocks of hex, without what stands behind a #. */
  private List<byte[]> example() {
    return Pattern.compile("```frame\n(.*?)```", Pattern.DOTALL)
        .matcher(spec)
        .results()
        .map(block -> block.group(1).replaceAll("#.*", "").replaceAll("\\s", ""))
        .map(HexFormat.of()::parseHex)
        .toList();
  }

  private Set<String> sections() {
    Set<String> sections = new HashSet<>();
    Pattern.compile("^#{2,3} (\\d+(\\.\\d+)*) ", Pattern.MULTILINE)
        .matcher(spec)
        .results()
        .forEach(m -> assertThat(sections.add(m.group(1))).as(m.group()).isTrue());
    assertThat(sections).hasSizeGreaterThan(30);
    return sections;
  }

  private static Set<String> named(Path file) {
    try {
      return references(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> references(String text) {
    Set<String> references = new TreeSet<>();
    REFERENCE.matcher(text).results().map((MatchResult m) -> m.group(1)).forEach(references::add);
    return references;
  }
}
