package io.liblink.bench.peers;

import io.liblink.bench.child.FreePort;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A nats-server of this machine, TLS with certificates on every leg. The largest message is raised to
 * 32 MiB for the transfers, the time to connect to 10 s and more for busy machines; everything else is
 * at its defaults. JetStream is on, which costs nothing while there is no stream.
 */
final class NatsBroker implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final String address;

  private NatsBroker(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one on a free port. */
  static NatsBroker start(Secrets secrets) throws IOException, InterruptedException {
    Path program = program();
    int port = FreePort.find();
    Path config = Files.createTempFile(secrets.directory(), "nats-", ".conf");
    Path log = secrets.directory().resolve("nats.log");
    Files.writeString(
        config,
        String.format(
            Locale.ROOT,
            """
        listen: "127.0.0.1:%d"
        max_payload: 33554432
        max_pending: 268435456
        tls { cert_file: "%s", key_file: "%s", ca_file: "%s", verify: true, timeout: 10 }
        jetstream { store_dir: "%s" }
        """,
            port,
            secrets.chain("server"),
            secrets.key("server"),
            secrets.ca(),
            Files.createTempDirectory(secrets.directory(), "jetstream-")));
    Process process = new ProcessBuilder(program.toString(), "-c", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    for (int i = 0; i < 100 && !process.waitFor(100, TimeUnit.MILLISECONDS); i++) {
      if (listens(port)) {
        return new NatsBroker(process, "127.0.0.1:" + port);
      }
    }
    process.destroyForcibly();
    throw new IOException("nats-server did not start: " + Files.readString(log));
  }

  private static Path program() throws IOException {
    return Stream.of(
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator),
            new String[] {"/usr/sbin"})
        .flatMap(Arrays::stream)
        .map(directory -> Path.of(directory, "nats-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("nats-server is not on the PATH"));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Connects a client, jnats with the JDK's TLS. */
  static Connection connect(String address, SSLContext tls)
      throws IOException, InterruptedException {
    return Nats.connect(Options.builder()
        .server("tls://" + address)
        .sslContext(tls)
        .connectionTimeout(PATIENCE)
        .build());
  }

  String address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
