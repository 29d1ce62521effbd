package io.liblink.bench.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.bench.load.Slice;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ReferenceSmokeTest {
  private static final List<String> JVM = List.of(
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-Xmx256m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "--enable-native-access=ALL-UNNAMED");

  @TempDir
  static Path directory;

  private static Secrets secrets;

  @BeforeAll
  static void makeCertificates() throws Exception {
    secrets = Secrets.create(directory);
  }

  @Test
  void twoProcessesAnswerEachOtherEncryptedAndEndWhenTold() throws Exception {
    Pair pair = Pair.start(Workload.LOAD_64, "reference", secrets, JVM);
    try {
      Sample small = pair.run(Workload.LOAD_64, 0.5);
      assertThat(small.slice().errors()).isZero();
      assertThat(small.slice().calls()).isPositive();
      assertThat(small.slice().p50())
          .isPositive()
          .isLessThanOrEqualTo(small.slice().p99());
      assertThat(small.cpuSeconds()).isPositive();
      assertThat(small.serverBytes()).isGreaterThan(10 << 20);
      Sample mixed = pair.run(Workload.MIXED, 0.4);
      assertThat(mixed.slice().errors()).isZero();
      assertThat(mixed.slice().transferAlone()).isPositive();
      assertThat(mixed.slice().transfer()).isPositive();
      Sample handshakes = pair.run(Workload.HANDSHAKE, 0.2);
      assertThat(handshakes.slice().errors()).isZero();
      assertThat(handshakes.slice().calls()).isPositive();
    } finally {
      pair.close();
    }
    assertThat(pair.processes()).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void twoProcessesPublishAndSubscribeWithoutLoss() throws Exception {
    try (Pair pair = Pair.start(Workload.PUBSUB_4, "reference", secrets, JVM)) {
      Slice first = pair.run(Workload.PUBSUB_4, 0.2).slice();
      assertThat(first.calls()).isPositive().satisfies(n -> assertThat(n % 4).isZero());
      assertThat(first.seconds()).isGreaterThan(0.2);
      assertThat(first.p50()).isZero();
      Slice paced = pair.run(Workload.PUBSUB_LATENCY, 0.2).slice();
      assertThat(paced.p50()).isPositive().isLessThanOrEqualTo(paced.p99());
    }
  }

  @Test
  void twoProcessesPushAndWorkWithoutLoss() throws Exception {
    try (Pair pair = Pair.start(Workload.PIPELINE_2, "reference", secrets, JVM)) {
      assertThat(pair.run(Workload.PIPELINE_2, 0.2).slice().calls()).isPositive();
      assertThat(pair.run(Workload.PIPELINE_2, 0.2).slice().calls()).isPositive();
    }
  }

  @Test
  void aPeerThatCannotStartSaysWhy() {
    assertThatThrownBy(() -> Pair.start(Workload.LOAD_64, "nobody", secrets, JVM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no peer 'nobody'");
  }
}
