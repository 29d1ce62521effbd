package io.liblink.bench.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * NATS: jnats on both sides of a nats-server of this machine, TLS with certificates on every leg.
 * The largest message is raised to 32 MiB for the transfers, the time to connect to 10 s for busy
 * machines; everything else is at its defaults. A
 * call passes two connections, and the broker counts as serving side.
 */
final class NatsPeer implements Peer {
  private static final String SUBJECT = "bench.echo";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Server serve(Secrets secrets) throws Exception {
    Path program = Stream.of(
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator),
            new String[] {"/usr/sbin"})
        .flatMap(Arrays::stream)
        .map(directory -> Path.of(directory, "nats-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("nats-server is not on the PATH"));
    int port = freePort();
    Path config = secrets.directory().resolve("nats.conf");
    Files.writeString(
        config,
        String.format(
            Locale.ROOT, """
        listen: "127.0.0.1:%d"
        max_payload: 33554432
        max_pending: 268435456
        tls { cert_file: "%s", key_file: "%s", ca_file: "%s", verify: true, timeout: 10 }
        """, port, secrets.chain("server"), secrets.key("server"), secrets.ca()));
    Process broker = new ProcessBuilder(program.toString(), "-c", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(secrets.directory().resolve("nats.log").toFile())
        .start();
    awaitListening(broker, port, secrets);
    String address = "127.0.0.1:" + port;
    Connection connection = connect(address, secrets.jdkContext("server"));
    Dispatcher dispatcher = connection.createDispatcher(
        message -> connection.publish(message.getReplyTo(), Echo.answer(message.getData())));
    dispatcher.subscribe(SUBJECT);
    connection.flush(PATIENCE);
    return new Server() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public List<Long> processes() {
        return List.of(broker.pid());
      }

      @Override
      public void close() {
        broker.destroyForcibly();
      }
    };
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(Process broker, int port, Secrets secrets)
      throws IOException, InterruptedException {
    for (int i = 0; i < 100 && !broker.waitFor(100, TimeUnit.MILLISECONDS); i++) {
      if (listens(port)) {
        return;
      }
    }
    broker.destroyForcibly();
    throw new IOException(
        "nats-server did not start: " + Files.readString(secrets.directory().resolve("nats.log")));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Connection connect(String address, SSLContext tls)
      throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server("tls://" + address).sslContext(tls).build());
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SSLContext tls = secrets.jdkContext("client");
    return () -> new NatsLink(NatsPeer.connect(address, tls));
  }

  private record NatsLink(Connection connection) implements Link {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the reply hears of every outcome
    public void call(byte[] request, Reply reply) {
      connection.request(SUBJECT, request).whenComplete((answer, failure) -> {
        if (failure != null) {
          reply.failed(failure);
        } else {
          reply.arrived(answer.getData());
        }
      });
    }

    @Override
    public byte[] call(byte[] request) throws Exception {
      return connection.request(SUBJECT, request, PATIENCE).getData();
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a connection closed", e);
      }
    }
  }
}
