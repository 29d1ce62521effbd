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
    String table = Table.of(Workload.LOAD_64, results);
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
  void deliveriesAreCountedForEachCpuSecondAndFewOrManyLinksComparedWithFour() {
    Results results = new Results();
    measured(results, Workload.PUBSUB_4, "reference", 4_000_000);
    measured(results, Workload.PUBSUB_4, "liblink", 2_000_000);
    measured(results, Workload.PUBSUB_4, "nats", 1_000_000);
    assertThat(Table.of(Workload.PUBSUB_4, results).lines())
        .containsExactly(
            "pubsub-4: 256 B, 1 publisher to 4 links, nothing lost",
            "  peer       delivered/s  x reference  published/s  per CPU s  CPU s/M  RSS MiB"
                + "  other  stolen",
            "  reference    4,000,000         1.00    1,000,000  1,000,000     1.00  100+200"
                + "   0.25    0.50",
            "  liblink      2,000,000         0.50      500,000  1,000,000     1.00  100+200"
                + "   0.25    0.50",
            "  nats         1,000,000         0.25      250,000  1,000,000     1.00  100+200"
                + "   0.25    0.50");
    assertThat(Targets.lines(results, Workload.PUBSUB_4))
        .containsExactly(
            "MISSED  rate / reference: 0.500 (at least 0.600)",
            "MISSED  rate / fastest peer: 2.00 (at least 3.00)");
    assertThat(Targets.lines(results, Workload.PUBSUB_64)).isEmpty();
    measured(results, Workload.PUBSUB_64, "liblink", 100);
    assertThat(Targets.lines(results, Workload.PUBSUB_64))
        .containsExactly(
            "met     delivered per CPU second / that of pubsub-4: 1.00 (at least 0.700)");
  }

  @Test
  void latencyOfPublishingIsComparedWithHalfOfThePeersOwnCall() {
    Results results = new Results();
    measured(results, Workload.PUBSUB_LATENCY, "liblink", 1000);
    measured(results, Workload.PUBSUB_LATENCY, "nats", 1000);
    assertThat(Targets.lines(results, Workload.PUBSUB_LATENCY)).isEmpty();
    measured(results, Workload.CALL_64, "liblink", 1000);
    assertThat(Targets.lines(results, Workload.PUBSUB_LATENCY))
        .containsExactly("MISSED  p50 / half of call-64's: 2.00 (at most 1.50)");
    assertThat(Table.of(Workload.PUBSUB_LATENCY, results).lines().map(line -> line.split(" {2,}")))
        .anySatisfy(cells -> assertThat(cells)
            .containsSequence("p50 us", "p99 us", "p99.9 us", "half call-64", "x half"))
        .anySatisfy(cells -> assertThat(cells)
            .containsSequence("liblink", "1,000", "-", "10.0", "20.0", "20.0", "5.00", "2.00"))
        .anySatisfy(cells -> assertThat(cells)
            .containsSequence("nats", "1,000", "-", "10.0", "20.0", "20.0", "-", "-"));
  }

  @Test
  void whoeverDoesLessIsShownAndComparedWithNothing() {
    Results results = new Results();
    measured(results, Workload.PIPELINE_2, "reference", 1_000_000);
    measured(results, Workload.PIPELINE_2, "liblink", 500_000);
    measured(results, Workload.PIPELINE_2, "nats", 250_000);
    measured(results, Workload.PIPELINE_2, "jeromq-push", 900_000);
    results.outcome(Workload.PIPELINE_2, "jeromq-push").unequal("not acknowledged");
    assertThat(Targets.lines(results, Workload.PIPELINE_2))
        .containsExactly(
            "met     rate / reference: 0.500 (at least 0.500)",
            "met     rate / fastest acknowledged peer: 2.00 (at least 2.00)");
    assertThat(Table.of(Workload.PIPELINE_2, results).lines())
        .anyMatch(line -> line.startsWith("  jeromq-push    900,000"))
        .contains("  jeromq-push: not acknowledged");
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
