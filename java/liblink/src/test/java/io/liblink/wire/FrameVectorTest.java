package io.liblink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liblink.testing.FrameVectors;
import io.liblink.testing.Vector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FrameVectorTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TestFactory
  Stream<DynamicTest> everyGoodFrameIsReadAsItsFields() throws IOException {
    return FrameVectors.good().stream()
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> {
          ByteBuffer in = ByteBuffer.wrap(v.bytes());
          AnyFrame read = AnyFrame.read(in, new Texts());
          assertThat(in.hasRemaining()).isFalse();
          if (v.frame() == null) {
            assertThat(read.frame()).isNull();
          } else {
            assertThat(json(FrameFields.of(read))).isEqualTo(json(v.frame()));
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> everyGoodFrameIsWrittenAsItsBytes() throws IOException {
    return FrameVectors.good().stream()
        .filter(Vector::canonical)
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> {
          AnyFrame read = AnyFrame.read(ByteBuffer.wrap(v.bytes()), new Texts());
          assertThat(read.write()).isEqualTo(v.bytes());
        }));
  }

  @TestFactory
  Stream<DynamicTest> everyBadFrameIsRefusedByItsSection() throws IOException {
    return FrameVectors.bad().stream()
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> {
          Throwable refusal =
              catchThrowable(() -> AnyFrame.read(ByteBuffer.wrap(v.bytes()), new Texts()));
          assertThat(refusal)
              .isInstanceOf(ProtocolException.class)
              .hasMessageEndingWith("(protocol " + v.error() + ")");
        }));
  }

  @Test
  void moreFramesAreBadThanGoodAndNoNameIsUsedTwice() throws IOException {
    List<Vector> good = FrameVectors.good();
    List<Vector> bad = FrameVectors.bad();
    assertThat(good).hasSizeGreaterThan(60);
    assertThat(bad).hasSizeGreaterThan(2 * good.size());
    Set<String> names = new HashSet<>();
    Stream.concat(good.stream(), bad.stream())
        .forEach(v -> assertThat(names.add(v.name())).as(v.name()).isTrue());
  }

  @Test
  void theFileIsWhatTheRawFramesSay() throws IOException {
    assertThat(FrameVectors.committed())
        .as("run FrameVectors.main for a change that is meant")
        .isEqualTo(FrameVectors.generated());
  }

  private static JsonNode json(Object value) {
    return JSON.readTree(JSON.writeValueAsString(value));
  }
}
