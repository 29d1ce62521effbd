package io.liblink.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.bench.peers.Pattern;
import io.liblink.bench.peers.Peers;
import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.PubSub;
import io.liblink.bench.peers.Secrets;
import java.io.File;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends of each peer in one process: what was sent arrives, all of it and once. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class PatternsTest {
  private static final double SECONDS = 0.1;

  @TempDir
  static Path directory;

  private static Secrets secrets;

  @BeforeAll
  static void makeCertificates() throws Exception {
    secrets = Secrets.create(directory);
  }

  static Set<String> publishers() {
    return new Peers().names(Pattern.PUBSUB);
  }

  static Stream<Arguments> producers() {
    return Stream.of(Pattern.PIPELINE, Pattern.SPOOL)
        .flatMap(pattern ->
            new Peers().names(pattern).stream().map(peer -> Arguments.of(pattern, peer)));
  }

  private static void assumeInstalled(String peer) {
    if (peer.startsWith("nats")) {
      Assumptions.assumeTrue(
          Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
              .anyMatch(directory -> new File(directory, "nats-server").canExecute()),
          "nats-server is not installed");
    }
  }

  @ParameterizedTest
  @MethodSource("publishers")
  void everyLinkGetsEveryMessageInOrder(String peer) throws Exception {
    assumeInstalled(peer);
    PubSub pubSub = new Peers().pubSub(peer);
    try (PubSub.Publisher publisher = pubSub.publisher(secrets)) {
      PubSub.Subscriber subscriber = pubSub.subscriber(publisher.address(), secrets);
      Deliveries deliveries = new Deliveries();
      for (int i = 0; i < Workload.PUBSUB_4.parallel(); i++) {
        subscriber.subscribe(deliveries.link());
      }
      Publishing publishing = new Publishing(publisher);
      for (Workload workload : new Workload[] {Workload.PUBSUB_4, Workload.PUBSUB_LATENCY}) {
        Span span = publishing.run(workload, SECONDS);
        Slice slice = deliveries.collect(workload, span);
        assertThat(span.count()).isPositive();
        assertThat(slice.calls()).isEqualTo(4 * span.count());
        assertThat(slice.p50() > 0).isEqualTo(workload == Workload.PUBSUB_LATENCY);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("producers")
  void theWorkersGetEveryItemOnce(Pattern pattern, String peer) throws Exception {
    assumeInstalled(peer);
    Pipeline pipeline = new Peers().pipeline(pattern, peer);
    Handled handled = new Handled(2);
    int credit = 100;
    try (Pipeline.Workers workers = pipeline.workers(handled.functions(), credit, secrets)) {
      Pushing pushing = new Pushing(pipeline, workers.address(), 2, credit, secrets);
      for (int i = 0; i < 2; i++) {
        Span span = pushing.run(Workload.PIPELINE_2, SECONDS);
        Slice slice = handled.collect(Workload.PIPELINE_2, span);
        assertThat(slice.calls()).isEqualTo(span.count()).isPositive();
        assertThat(slice.p50() > 0).isEqualTo(pattern == Pattern.SPOOL);
      }
    }
  }
}
