package io.liblink.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.bench.child.Sample;
import io.liblink.bench.load.Slice;
import io.liblink.bench.load.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static Sample sample(long calls, double p50, double p99, double cpu) {
    return new Sample(
        new Slice(calls, 0, 1, p50, p99, p99, p99, calls * 64.0, 100e6, 70e6),
        cpu,
        100 << 20,
        200 << 20,
        0.25,
        0.5);
  }

  private static void measured(Results results, Workload workload, String peer, long... rates) {
    for (long rate : rates) {
      results.outcome(workload, peer).add(sample(rate, 10, 20, rate / 1e6));
    }
  }

  @Test
  void theMedianIsNotMovedByOneBadRound() {
    Results results = new Results();
    measured(results, Workload.LOAD_64, "reference", 1000, 1_000_000, 1_100_000);
    assertThat(results.outcome(Workload.LOAD_64, "reference").rate()).isEqualTo(1_000_000);
    assertThat(Results.median(new double[] {})).isZero();
    assertThat(Results.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
  }

  @Test
  void theTableComparesWithTheReferenceAndSaysWhatIsMissing() {
    Results results = new Results();
    measured(results, Workload.LOAD_64, "reference", 1_000_000);
    measured(results, Workload.LOAD_64, "grpc", 50_000);
    results.outcome(Workload.LOAD_64, "nats").skip("nats-server is not on the PATH");
    String table = Table.of(Workload.LOAD_64, results.byWorkload().get(Workload.LOAD_64));
    assertThat(table.lines())
        .containsExactly(
            "load-64: 64 B, 256 in flight",
            "  peer         calls/s  x reference  p50 us  p99 us  p99.9 us  CPU s/M  RSS MiB"
                + "  other  stolen",
            "  reference  1,000,000         1.00    10.0    20.0      20.0     1.00  100+200"
                + "   0.25    0.50",
            "  grpc          50,000        0.050    10.0    20.0      20.0     1.00  100+200"
                + "   0.25    0.50",
            "  nats: not measured: nats-server is not on the PATH");
  }

  @Test
  void targetsAreMetOrMissedByTheStrictestPeer() {
    Results results = new Results();
    measured(results, Workload.LOAD_64, "reference", 1_000_000);
    measured(results, Workload.LOAD_64, "liblink", 650_000);
    measured(results, Workload.LOAD_64, "liblink-ordinary", 240_000);
    measured(results, Workload.LOAD_64, "grpc", 30_000);
    measured(results, Workload.LOAD_64, "grpc-direct", 90_000);
    measured(results, Workload.LOAD_64, "jeromq", 100_000);
    measured(results, Workload.LOAD_64, "rsocket", 200_000);
    assertThat(Targets.lines(results, Workload.LOAD_64))
        .containsExactly(
            "met     rate / reference: 0.650 (at least 0.600)",
            "MISSED  rate / fastest grpc: 7.22 (at least 8.00)",
            "met     rate / fastest other peer: 3.25 (at least 2.50)",
            "met     CPU s/M / reference's: 1.00 (at most 2.00)",
            "MISSED  ordinary: rate / reference: 0.240 (at least 0.250)",
            "met     ordinary: rate / grpc: 8.00 (at least 4.00)");
  }

  @Test
  void aTargetIsSilentWithoutWhatItCompares() {
    Results results = new Results();
    measured(results, Workload.CALL_64, "liblink", 1000);
    assertThat(Targets.lines(results, Workload.CALL_64)).isEmpty();
    measured(results, Workload.CALL_64, "reference", 1000);
    assertThat(Targets.lines(results, Workload.CALL_64))
        .containsExactly("met     p50 / reference's: 1.00 (at most 1.40)");
  }

  @Test
  void theTransferIsComparedWithItselfAlone() {
    Results results = new Results();
    measured(results, Workload.MIXED, "liblink", 1000);
    assertThat(Targets.lines(results, Workload.MIXED))
        .containsExactly(
            "met     p99 in ms: 0.0200 (at most 3.00)",
            "met     transfer / alone: 0.700 (at least 0.600)");
  }

  @Test
  void idleConnectionsAreCountedInMemory() {
    Results results = new Results();
    results.outcome(Workload.IDLE, "liblink").addIdle(41 * 1024);
    assertThat(Targets.lines(results, Workload.IDLE))
        .containsExactly("MISSED  KiB each: 41.0 (at most 40.0)");
  }

  @Test
  void theFileHoldsEverySlice(@TempDir Path directory) throws Exception {
    Results results = new Results();
    measured(results, Workload.LOAD_64, "reference", 111_111, 222_222);
    Path file = directory.resolve("results.json");
    ResultFile.write(file, Map.of("rounds", 2), results);
    assertThat(Files.readString(file))
        .contains("\"rounds\" : 2", "\"load-64\"", "111111", "222222", "\"otherCores\" : 0.25");
  }

  @Test
  void aSliceSurvivesThePipe() {
    Slice slice = new Slice(1, 2, 3.5, 4.25, 5, 6, 7, 8e9, 9, 10);
    assertThat(Slice.read(slice.write())).isEqualTo(slice);
  }
}
