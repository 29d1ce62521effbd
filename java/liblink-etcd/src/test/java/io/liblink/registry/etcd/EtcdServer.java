package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A real etcd, or several that are one cluster, in a temporary directory on free ports. */
final class EtcdServer implements AutoCloseable {
  private static final int MOST_IN_ONE = 100;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path directory;
  private final int port;
  private final List<String> command;
  private final boolean tls;
  private ServerProcess process;

  private EtcdServer(Path directory, int port, List<String> command, boolean tls) {
    this.directory = directory;
    this.port = port;
    this.command = command;
    this.tls = tls;
  }

  /** Starts one and waits until it answers. */
  static EtcdServer start(String... options) {
    EtcdServer server = cluster(1, options).get(0);
    server.awaitWell();
    return server;
  }

  /** One that listens there later: {@link #run} starts it. */
  static EtcdServer prepare(String... options) {
    return made(1, options).get(0);
  }

  /** Starts a cluster of that many. */
  static List<EtcdServer> cluster(int size, String... options) {
    List<EtcdServer> all = made(size, options);
    all.forEach(EtcdServer::run);
    return all;
  }

  private static List<EtcdServer> made(int size, String... options) {
    String etcd = ServerProcess.program("etcd").toString();
    boolean tls = List.of(options).contains("--cert-file");
    List<Integer> peers = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      peers.add(ServerProcess.freePort());
      names.add("m" + i + "=http://127.0.0.1:" + peers.get(i));
    }
    List<EtcdServer> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int port = ServerProcess.freePort();
      String client = (tls ? "https" : "http") + "://127.0.0.1:" + port;
      String peer = "http://127.0.0.1:" + peers.get(i);
      Path directory = temporary();
      List<String> command = new ArrayList<>(List.of(
          etcd,
          "--name",
          "m" + i,
          "--data-dir",
          directory.resolve("data").toString(),
          "--listen-client-urls",
          client,
          "--advertise-client-urls",
          client,
          "--listen-peer-urls",
          peer,
          "--initial-advertise-peer-urls",
          peer,
          "--initial-cluster",
          String.join(",", names),
          "--heartbeat-interval",
          "50",
          "--election-timeout",
          "500",
          "--logger",
          "zap",
          "--log-level",
          "warn"));
      command.addAll(List.of(options));
      all.add(new EtcdServer(directory, port, command, tls));
    }
    return all;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("liblink-etcd");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void run() {
    process = ServerProcess.start(directory.resolve("log"), command);
  }

  /** Waits until it has a leader and answers. */
  EtcdServer awaitWell() {
    process.awaitPort(port);
    if (!tls) {
      Await.until("etcd answers", process::log, () -> {
        try {
          return ask("kv/range", Requests.newest("/")) != null;
        } catch (AssertionError e) {
          return false;
        }
      });
    }
    return this;
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** The URI of a registry there, of a lease of 2 s. */
  String uri() {
    return (tls ? "etcds" : "etcd") + "://" + address() + "?ttl=2s";
  }

  ServerProcess process() {
    return process;
  }

  /** SIGKILL. What was written stays. */
  void kill() {
    process.kill();
  }

  /** Starts it again, as after {@link #kill}. */
  void restart() {
    process.start();
    awaitWell();
  }

  /** Kills it and removes all it knew. */
  void wipe() {
    kill();
    remove(directory.resolve("data"));
  }

  /** Asks it directly, at length: what a registry's own connection is subjected to, this is not. */
  JsonNode ask(String path, Map<String, ?> body) {
    return ask(path, body, "");
  }

  JsonNode ask(String path, Map<String, ?> body, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://" + address() + "/v3/" + path))
        .timeout(Duration.ofSeconds(5))
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      assertThat(answer.statusCode()).as(path + ": " + text).isEqualTo(200);
      JsonNode node = Json.object(answer.body());
      assertThat(node).as(text).isNotNull();
      return node;
    } catch (IOException e) {
      throw new AssertionError(path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void put(String key, String value) {
    ask("kv/put", Map.of("key", Json.base64(key), "value", Json.base64(value)));
  }

  /** Many keys of the same value. */
  void putAll(List<String> keys, String value) {
    for (int from = 0; from < keys.size(); from += MOST_IN_ONE) {
      List<Map<String, Object>> puts = new ArrayList<>();
      for (String key : keys.subList(from, Math.min(keys.size(), from + MOST_IN_ONE))) {
        puts.add(
            Map.of("request_put", Map.of("key", Json.base64(key), "value", Json.base64(value))));
      }
      ask("kv/txn", Map.of("success", puts));
    }
  }

  void deleteAll(String prefix) {
    ask(
        "kv/deleterange",
        Map.of("key", Json.base64(prefix), "range_end", Json.base64(Keys.endOf(prefix))));
  }

  /** The keys that begin so. */
  TreeSet<String> keys(String prefix) {
    TreeSet<String> keys = new TreeSet<>();
    for (JsonNode kv : ask("kv/range", Requests.page(prefix, prefix, 0, 1000)).path("kvs")) {
      keys.add(Json.key(kv));
    }
    return keys;
  }

  /** Forgets all history up to now. */
  void compact() {
    long revision = Json.number(ask("kv/range", Requests.newest("/")).path("header"), "revision");
    ask("kv/compaction", Map.of("revision", Long.toString(revision), "physical", true));
  }

  /** A number that it counts. */
  long metric(String name) {
    try {
      HttpResponse<String> answer = client.send(
          HttpRequest.newBuilder(URI.create("http://" + address() + "/metrics")).build(),
          HttpResponse.BodyHandlers.ofString());
      return answer
          .body()
          .lines()
          .filter(l -> l.startsWith(name + " "))
          .mapToLong(l -> (long) Double.parseDouble(l.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void remove(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    remove(directory);
  }
}
