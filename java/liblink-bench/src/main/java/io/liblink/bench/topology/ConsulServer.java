package io.liblink.bench.topology;

import io.liblink.bench.child.FreePort;
import io.liblink.bench.child.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Consul server on the loopback, its own cluster, in a temporary directory. */
final class ConsulServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern COUNT =
      Pattern.compile("consul_api_http_count\\{(.*)\\} ([0-9.e+]+)");
  private static final Pattern PATH = Pattern.compile("path=\"([^\"]*)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final int port;
  private final Process process;

  /**
   * Starts it and waits for its leader.
   *
   * @param binary the path of a Consul
   */
  ConsulServer(String binary) throws IOException, InterruptedException {
    this.directory = Files.createTempDirectory("liblink-bench-consul-");
    int[] ports = FreePort.find(4);
    this.port = ports[0];
    List<String> command = new ArrayList<>(List.of(
        binary,
        "agent",
        "-server",
        "-bootstrap-expect=1",
        "-data-dir=" + directory.resolve("data"),
        "-node=bench",
        "-bind=127.0.0.1",
        "-client=127.0.0.1",
        "-http-port=" + port,
        "-dns-port=-1",
        "-serf-lan-port=" + ports[1],
        "-serf-wan-port=-1",
        "-server-port=" + ports[2],
        "-grpc-port=-1",
        "-grpc-tls-port=-1",
        "-hcl=performance { raft_multiplier = 1 }",
        "-hcl=disable_update_check = true",
        // One agent for all nodes, which in earnest are on as many machines.
        "-hcl=limits { http_max_conns_per_client = 15000 }",
        "-hcl=telemetry { prometheus_retention_time = \"1h\" disable_hostname = true }"));
    this.process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    awaitLeader();
  }

  private void awaitLeader() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (get("/v1/status/leader").length() > 2) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException("Consul ended: " + Files.readString(directory.resolve("log")), e);
        }
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException(
            "Consul has no leader: " + Files.readString(directory.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(PATIENCE)
        .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  int port() {
    return port;
  }

  String uri() {
    return "consul://127.0.0.1:" + port;
  }

  /** How many requests it says it has answered, by path, since it started. */
  Map<String, Double> answered() throws IOException, InterruptedException {
    Map<String, Double> all = new TreeMap<>();
    for (String line : get("/v1/agent/metrics?format=prometheus").split("\n", -1)) {
      Matcher m = COUNT.matcher(line);
      if (m.matches()) {
        Matcher path = PATH.matcher(m.group(1));
        all.merge(path.find() ? path.group(1) : "", Double.parseDouble(m.group(2)), Double::sum);
      }
    }
    return all;
  }

  /** Processor seconds that it has used. */
  double cpuSeconds() {
    return Usage.cpuSeconds(process.pid());
  }

  /** Memory that it holds. */
  long resident() {
    return Usage.residentBytes(process.pid());
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("could not remove " + directory + ": " + e);
    }
  }
}
