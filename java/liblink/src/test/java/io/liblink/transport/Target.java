package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Address;
import io.liblink.message.Message;
import io.liblink.testing.RawHello;
import io.liblink.testing.RawPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A real node that tests are rude to, and a well-behaved client that calls it all the time and must
 * not notice.
 */
final class Target implements AutoCloseable {
  /** Payload of the replies of {@code echo/big}. */
  static final int BIG = 1 << 20;

  final ClusterKey key = ClusterKey.generate();
  final LogLines log = new LogLines();
  final Node node;
  private final Node client;
  private final Path directory;
  private final Thread caller;
  private final AtomicLong answered = new AtomicLong();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean stop;

  Target(NodeOptions.TlsProvider tls, UnaryOperator<NodeOptions> change) throws IOException {
    directory = Files.createTempDirectory("liblink-target");
    NodeOptions options = NodeOptions.cluster("shop")
        .key(key.text())
        .registry("local:" + directory)
        .tls(tls)
        .timeouts(t -> t.drain(Duration.ofSeconds(1)));
    node = Node.join(change.apply(options.name("server")));
    client = Node.join(options.name("client"));
    byte[] big = new byte[BIG];
    node.serve(Service.named("echo")
        .method("fast", r -> r.message(), Trait.NON_BLOCKING)
        .method("work", r -> r.message())
        .method("big", r -> Message.of(big))
        .method("block", r -> {
          closed.await();
          return Message.empty();
        })
        .stream("endless", byte[].class, (nothing, sink) -> {
      while (true) {
        sink.send(new byte[10_000]);
      }
    }));
    node.serve(Service.named("s").topic("t", byte[].class));
    // Patient, because a machine that is busy is no failure: what never comes, servesOthers finds.
    RemoteService echo = client.service("echo").timeout(Duration.ofSeconds(40));
    echo.call("fast", "up", String.class);
    caller = new Thread(() -> callOn(echo), "good-client");
    caller.start();
  }

  private void callOn(RemoteService echo) {
    while (!stop) {
      try {
        echo.call("fast", "hi", String.class);
        echo.call("work", "hi", String.class);
        answered.incrementAndGet();
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
  }

  /** The good client goes on being answered, and was all the time. */
  void servesOthers() {
    long before = answered.get();
    log.await(() -> answered.get() >= before + 8, () -> "answers to the good client: " + failures);
    assertThat(failures).isEmpty();
  }

  long count(String counter) {
    return node.counters().getOrDefault(counter, 0L);
  }

  void awaitCount(String counter, long least) {
    log.await(
        () -> count(counter) >= least, () -> counter + " of " + least + " in " + node.counters());
  }

  Address address() {
    return node.addresses().get(0);
  }

  // ---- rude clients -------------------------------------------------------------------------

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), address().port());
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** A TLS client that takes any server; null shows no certificate. */
  SSLSocket tls(KeyManager shown, String... alpn) throws IOException, GeneralSecurityException {
    return tlsOver(connect(), shown, alpn);
  }

  SSLSocket tlsOver(Socket plain, KeyManager shown, String... alpn)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        shown == null ? new KeyManager[0] : new KeyManager[] {shown},
        new TrustManager[] {new Anybody()},
        null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
    socket.setUseClientMode(true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** An authenticated peer of that name that has not said a word. */
  RawPeer authenticated(String name) throws IOException, GeneralSecurityException {
    return RawPeer.over(tls(Shown.node(key, "shop", name), "liblink/1"));
  }

  /** An authenticated peer of that name that said HELLO. */
  RawPeer peer(String name) throws IOException, GeneralSecurityException {
    RawPeer peer = authenticated(name);
    peer.dial(hello(name));
    return peer;
  }

  /** A HELLO with an instance of its own. */
  static RawHello hello(String name) {
    RawHello h = RawHello.of("shop", name);
    byte[] instance = ByteBuffer.allocate(16)
        .putLong(name.hashCode())
        .putLong(System.nanoTime())
        .array();
    return new RawHello(
        1,
        h.cluster(),
        h.node(),
        instance,
        h.maxFrame(),
        h.maxMessage(),
        h.maxStreams(),
        h.keepaliveMillis(),
        h.window(),
        0,
        "raw/1",
        h.metadata());
  }

  @Override
  public void close() throws IOException {
    stop = true;
    try {
      caller.join(10_000);
      closed.countDown();
      client.close(Duration.ofMillis(100));
      node.close(Duration.ofMillis(100));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }

  /** Trusts everybody: what is tested is the other side's judgement. */
  static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
