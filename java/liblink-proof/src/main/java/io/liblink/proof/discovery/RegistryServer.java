package io.liblink.proof.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real registry on the loopback: a server of its own that can be killed, emptied and started again at the same
 * ports. It ends with this process, however that ends. For one thread.
 */
final class RegistryServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int LEAST_PORT = 10_000;
  private static final int MOST_PORT = 32_000;

  /** Whatever ends this JVM ends the input of the shell, and then it kills the server. */
  private static final String HELD =
      "\"$@\" </dev/null >>\"$0\" 2>&1 & echo started; read -r _; kill -9 $!; wait $! 2>/dev/null";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Registry kind;
  private final Path directory;
  private final int port;
  private final List<String> command;
  private @Nullable Process shell;

  private RegistryServer(Registry kind, Path directory, int port, List<String> command) {
    this.kind = kind;
    this.directory = directory;
    this.port = port;
    this.command = command;
  }

  /** Starts one in that directory, which it has to itself; it answers when this returns. */
  static RegistryServer start(Registry kind, Path directory) throws Exception {
    Files.createDirectories(directory);
    List<Integer> ports = freePorts(5);
    String data = directory.resolve("data").toString();
    List<String> command = kind == Registry.CONSUL
        ? consul(kind.program(), data, ports)
        : etcd(kind.program(), data, ports);
    RegistryServer server = new RegistryServer(kind, directory, ports.get(0), command);
    try {
      server.run();
    } catch (Exception e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static List<String> consul(String program, String data, List<Integer> ports)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(
        program,
        "agent",
        "-server",
        "-bootstrap-expect=1",
        "-node=proof",
        "-data-dir=" + data,
        "-bind=127.0.0.1",
        "-client=127.0.0.1",
        "-http-port=" + ports.get(0),
        "-dns-port=" + ports.get(1),
        "-serf-lan-port=" + ports.get(2),
        "-serf-wan-port=" + ports.get(3),
        "-server-port=" + ports.get(4),
        "-hcl=performance { raft_multiplier = 1 }",
        "-hcl=leave_on_terminate = false",
        "-hcl=disable_update_check = true"));
    Process version = new ProcessBuilder(program, "version").start();
    try (BufferedReader said = version.inputReader()) {
      String line = said.readLine();
      if (line != null && !line.matches("Consul v1\\.(\\d|1[0-3])\\..*")) {
        command.add("-hcl=ports { grpc = -1, grpc_tls = -1 }"); // on by itself since 1.14
      }
    }
    return command;
  }

  private static List<String> etcd(String program, String data, List<Integer> ports) {
    String client = "http://127.0.0.1:" + ports.get(0);
    String peer = "http://127.0.0.1:" + ports.get(1);
    return List.of(
        program,
        "--name=proof",
        "--data-dir=" + data,
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=proof=" + peer,
        "--logger=zap",
        "--log-level=warn");
  }

  /** Below those that the system gives to connections, so that none takes one while the server is away. */
  private static List<Integer> freePorts(int count) {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, MOST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (!ports.contains(socket.getLocalPort())) {
          ports.add(port);
        }
      } catch (IOException e) {
        // another is drawn
      }
    }
    return ports;
  }

  /** Where nodes find it. */
  String uri(String parameters) {
    return kind.scheme() + "://127.0.0.1:" + port + parameters;
  }

  /** Starts it, with what it has on disk; it answers when this returns. */
  void run() throws Exception {
    List<String> held =
        new ArrayList<>(List.of("sh", "-c", HELD, directory.resolve("log").toString()));
    held.addAll(command);
    Process started = new ProcessBuilder(held)
        .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
        .start();
    shell = started;
    if (started.getInputStream().read() < 0) {
      throw new IOException("no shell to run " + kind + " in");
    }
    long end = System.nanoTime() + START.toNanos();
    while (!answers()) {
      if (end - System.nanoTime() < 0) {
        throw new IOException(kind + " does not answer:\n" + lastWords());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private boolean answers() throws InterruptedException {
    String path = kind == Registry.CONSUL ? "/v1/status/leader" : "/health";
    try {
      HttpResponse<String> response = http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(5))
              .build(),
          HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          && response.body().contains(kind == Registry.CONSUL ? ":" : "\"true\"");
    } catch (IOException e) {
      return false;
    }
  }

  private String lastWords() throws IOException {
    String log = Files.readString(directory.resolve("log"));
    return log.substring(Math.max(0, log.length() - 3000));
  }

  /** SIGKILL. Returns when it is gone. */
  void kill() throws IOException, InterruptedException {
    Process held = shell;
    if (held != null) {
      held.getOutputStream().close();
      held.waitFor();
      shell = null;
    }
  }

  /** All it had on disk is gone. To be done while it does not run. */
  void wipe() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("data"))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (IOException e) {
      // the shell is gone, and has taken it along
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
