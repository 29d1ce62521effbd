package io.liblink.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liblink.bench.load.Workload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {
  @Test
  void nothingSaidMeansEveryWorkload() {
    BenchOptions options = BenchOptions.parse(List.of());
    assertThat(options.workloads()).containsExactly(Workload.values());
    assertThat(options.only()).isEmpty();
    assertThat(options.json()).isNull();
    assertThat(options.jdk()).isEqualTo(Path.of(System.getProperty("java.home")));
  }

  @Test
  void everyOptionIsRead() {
    BenchOptions options = BenchOptions.parse(List.of(
        "--only",
        "reference,grpc",
        "--workload",
        "load-64,idle",
        "--rounds",
        "5",
        "--seconds",
        "0.5",
        "--warmup",
        "0",
        "--credit",
        "100",
        "--jdk",
        "/opt/jdk",
        "--json",
        "out.json"));
    assertThat(options.only()).containsExactly("reference", "grpc");
    assertThat(options.workloads()).containsExactly(Workload.LOAD_64, Workload.IDLE);
    assertThat(options.rounds()).isEqualTo(5);
    assertThat(options.seconds()).isEqualTo(0.5);
    assertThat(options.warmup()).isZero();
    assertThat(options.jvm()).startsWith("/opt/jdk/bin/java").contains("-Dbench.credit=100");
    assertThat(options.json()).isEqualTo(Path.of("out.json"));
    assertThat(options.peers(Workload.IDLE)).containsExactly("reference", "grpc");
  }

  @Test
  void theOrdinaryHandlerRunsOnlyWhereItHasATarget() {
    BenchOptions options = BenchOptions.parse(List.of());
    assertThat(options.peers(Workload.LOAD_64)).contains("liblink", "liblink-ordinary");
    assertThat(options.peers(Workload.BULK_1M))
        .contains("reference", "liblink", "grpc")
        .doesNotContain("liblink-ordinary");
  }

  @Test
  void aPeerRunsOnlyWhereItTakesPart() {
    BenchOptions options = BenchOptions.parse(List.of("--only", "jeromq-push,nats"));
    assertThat(options.peers(Workload.PIPELINE_2)).containsExactly("jeromq-push", "nats");
    assertThat(options.peers(Workload.PUBSUB_4)).containsExactly("nats");
    assertThat(options.peers(Workload.LOAD_64)).containsExactly("nats");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--only", "--only nobody", "--only reference,", "--workload load-65", "--workload",
        "--rounds 0", "--rounds x", "--seconds -1", "--seconds NaN", "--seconds 601",
        "--warmup -0.1", "--credit 0", "--json", "--frobnicate", "reference"
      })
  void wrongOptionsAreNamed(String line) {
    List<String> arguments = List.of(line.split(" ", -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchOptions.parse(arguments))
        .satisfies(e -> assertThat(e.getMessage())
            .containsAnyOf(arguments.get(0), "no peer 'nobody'", "no peer ''", "'load-65'"));
  }

  @Test
  void theHelpNamesEveryPeerAndWorkload() {
    assertThat(BenchOptions.HELP).contains("reference", "liblink-ordinary", "nats", "handshake");
  }
}
