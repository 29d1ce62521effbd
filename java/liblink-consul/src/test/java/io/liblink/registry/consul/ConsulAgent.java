package io.liblink.registry.consul;

import io.liblink.registry.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Consul agent on the loopback, in a temporary directory. It can be killed, paused, wiped and
 * started again at the same ports. Ends with the test, or when this process does.
 */
final class ConsulAgent implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** How an agent is to be. */
  static final class Config {
    private final List<String> flags = new ArrayList<>();
    private final StringBuilder hcl = new StringBuilder();
    private String token = "";
    private boolean server = true;
    private boolean leads = true;

    /** A flag of the command. */
    Config flag(String flag) {
      flags.add(flag);
      return this;
    }

    /** A line of configuration. */
    Config hcl(String line) {
      hcl.append(line).append('\n');
      return this;
    }

    /** What the test itself asks with. */
    Config token(String token) {
      this.token = token;
      return this;
    }

    /** No server: it needs others. */
    Config client() {
      server = false;
      return this;
    }

    /** It is not waited for until there is a leader. */
    Config alone() {
      leads = false;
      return this;
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConsulBinary binary = ConsulBinary.required();
  private final Config config;
  private final Path directory;
  private List<Integer> ports = Ports.free(5);
  private @Nullable Process process;

  private ConsulAgent(Config config) {
    this.config = config;
    try {
      this.directory = Files.createTempDirectory("liblink-consul-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One server that is its own cluster. */
  static ConsulAgent start() {
    return start(new Config().flag("-bootstrap-expect=1"));
  }

  /** One like that. */
  static ConsulAgent start(Config config) {
    ConsulAgent agent = new ConsulAgent(config);
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close));
    try {
      for (int tries = 1; ; tries++) {
        agent.launch();
        try {
          agent.awaitLeader();
          return agent;
        } catch (IllegalStateException e) {
          // Somebody else took one of the ports in between.
          if (tries == 5 || !agent.logTail().contains("address already in use")) {
            throw e;
          }
          agent.kill();
          agent.wipe();
          agent.ports = Ports.free(5);
        }
      }
    } catch (Throwable e) {
      agent.close();
      throw e;
    }
  }

  // ---- its life -----------------------------------------------------------------------------

  private void launch() {
    List<String> command = new ArrayList<>(List.of(
        binary.path(),
        "agent",
        "-data-dir=" + directory.resolve("data"),
        "-bind=127.0.0.1",
        "-client=127.0.0.1",
        "-http-port=" + ports.get(0),
        "-dns-port=" + ports.get(4),
        "-serf-lan-port=" + ports.get(1),
        "-serf-wan-port=" + (config.server ? ports.get(2) : -1),
        "-server-port=" + ports.get(3),
        "-hcl=performance { raft_multiplier = 1 }",
        "-hcl=leave_on_terminate = false",
        "-hcl=disable_update_check = true",
        "-hcl=log_level = \"info\""));
    if (config.server) {
      command.add("-server");
    }
    if (config.flags.stream().noneMatch(f -> f.startsWith("-node="))) {
      command.add("-node=" + directory.getFileName());
    }
    if (binary.isAtLeast(14)) {
      command.add("-hcl=ports { grpc = -1, grpc_tls = -1 }");
    }
    command.addAll(config.flags);
    config.hcl.toString().lines().forEach(line -> command.add("-hcl=" + line));
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log() {
    return directory.resolve("log");
  }

  /** Waits until it answers, and there is a leader if there is to be one. */
  void awaitLeader() {
    Await.within(Duration.ofSeconds(60), "an agent that answers", this::logTail, () -> {
      Process p = process;
      if (p != null && !p.isAlive()) {
        throw new IllegalStateException("Consul ended: " + logTail());
      }
      try {
        JsonNode leader = get("/v1/status/leader");
        return !config.leads || !leader.asString("").isEmpty();
      } catch (UncheckedIOException | IllegalStateException e) {
        return false;
      }
    });
  }

  private String logTail() {
    try {
      String text = Files.readString(log());
      return text.substring(Math.max(0, text.length() - 3000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** SIGKILL. */
  void kill() {
    Process p = process;
    if (p != null) {
      p.destroyForcibly();
      try {
        p.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process = null;
    }
  }

  /** SIGTERM. */
  void stop() {
    Process p = process;
    if (p != null) {
      p.destroy();
      try {
        p.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      kill();
    }
  }

  /** SIGSTOP: it stands still with all its connections open. */
  void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  void goOn() {
    signal("CONT");
  }

  private void signal(String name) {
    Process p = process;
    if (p == null) {
      throw new IllegalStateException("it does not run");
    }
    ConsulBinary.run(List.of("kill", "-" + name, Long.toString(p.pid())), directory);
  }

  /** Starts it again, with what it had on disk. */
  void restart() {
    launch();
  }

  /** Everything that it had on disk is gone. */
  void wipe() {
    deleteAll(directory.resolve("data"));
  }

  private static void deleteAll(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    deleteAll(directory);
  }

  // ---- talking to it ------------------------------------------------------------------------

  ConsulBinary binary() {
    return binary;
  }

  int port() {
    return ports.get(0);
  }

  int dnsPort() {
    return ports.get(4);
  }

  String lan() {
    return "127.0.0.1:" + ports.get(1);
  }

  String rpc() {
    return "127.0.0.1:" + ports.get(3);
  }

  String wan() {
    return "127.0.0.1:" + ports.get(2);
  }

  String uri() {
    return "consul://127.0.0.1:" + port();
  }

  Path directory() {
    return directory;
  }

  JsonNode get(String path) {
    return JSON.readTree(send(path, HttpRequest.newBuilder().GET()));
  }

  JsonNode put(String path, String body) {
    String answer = send(path, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(body)));
    return JSON.readTree(answer.isEmpty() ? "null" : answer);
  }

  void delete(String path) {
    send(path, HttpRequest.newBuilder().DELETE());
  }

  private String send(String path, HttpRequest.Builder request) {
    request.uri(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(15));
    if (!config.token.isEmpty()) {
      request.header("X-Consul-Token", config.token);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            path + ": " + response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What Consul's own command prints. */
  String command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(binary.path()));
    command.addAll(List.of(arguments));
    return ConsulBinary.run(command, directory);
  }
}
