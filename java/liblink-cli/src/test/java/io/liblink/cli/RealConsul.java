package io.liblink.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A real Consul agent on the loopback that keeps everything in memory: what {@code
 * scripts/servers/consul --quick} finds. Without one, tests are skipped, unless {@code
 * LIBLINK_REQUIRE_SERVERS=1} says that they must not be.
 */
final class RealConsul implements AutoCloseable {
  private static final int SECONDS = 120;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory;
  private final Process process;
  private final int port;

  private RealConsul(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** Starts one and waits until it answers. */
  static RealConsul start(Path directory) throws IOException, InterruptedException {
    String binary = binary(directory);
    List<Integer> ports = ports(4);
    Process process = new ProcessBuilder(
            binary,
            "agent",
            "-dev",
            "-bind=127.0.0.1",
            "-client=127.0.0.1",
            "-http-port=" + ports.get(0),
            "-server-port=" + ports.get(1),
            "-serf-lan-port=" + ports.get(2),
            "-serf-wan-port=" + ports.get(3),
            "-dns-port=-1",
            "-grpc-port=-1")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("consul.log").toFile())
        .start();
    RealConsul consul = new RealConsul(directory, process, ports.get(0));
    consul.awaitLeader();
    return consul;
  }

  private static String binary(Path directory) throws IOException, InterruptedException {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.exists(root.resolve("scripts/servers/consul"))) {
      root = root.getParent();
    }
    String found = root == null
        ? ""
        : said(List.of(root.resolve("scripts/servers/consul").toString(), "--quick"), directory)
            .strip()
            .lines()
            .reduce("", (a, b) -> b);
    boolean there = Files.isExecutable(Path.of(found)) && !Files.isDirectory(Path.of(found));
    if (!there && "1".equals(System.getenv("LIBLINK_REQUIRE_SERVERS"))) {
      throw new AssertionError("no Consul to test with: " + found);
    }
    assumeTrue(there, () -> "no Consul to test with: " + found);
    return found;
  }

  private static String said(List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path out = directory.resolve("said");
    Process process = new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      assertEnds(process);
      return Files.readString(out, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void assertEnds(Process process) throws InterruptedException {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no end of " + process.info());
    }
  }

  /** Below those that systems give to connections, so that none of these takes one meanwhile. */
  private static List<Integer> ports(int count) {
    List<Integer> free = new ArrayList<>();
    while (free.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (!free.contains(port)) {
          free.add(port);
        }
      } catch (IOException e) {
        continue; // taken
      }
    }
    return free;
  }

  private void awaitLeader() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end) {
      try {
        if (send("GET", "/v1/status/leader", "").contains(":")
            && send("GET", "/v1/catalog/nodes", "").contains("Address")) {
          return;
        }
      } catch (IOException e) {
        // it does not listen yet
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    close();
    throw new AssertionError(
        "Consul did not start: " + Files.readString(directory.resolve("consul.log")));
  }

  /** The registry. */
  String uri() {
    return "consul://127.0.0.1:" + port;
  }

  /** Asks its HTTP API. */
  String send(String method, String path, String body) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Ends it at once. Idempotent. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
