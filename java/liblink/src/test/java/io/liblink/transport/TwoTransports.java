package io.liblink.transport;

import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.trust.Trust;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.session.Session;
import io.liblink.session.SessionLimits;
import io.liblink.session.Stream;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Two transports of one cluster, nothing above them; the second listens. */
final class TwoTransports implements AutoCloseable {
  private static final TimeSource TIME = TimeSource.system();

  final Counters counters = new Counters();
  final Transport dialer;
  final Transport acceptor;
  final Address address;

  TwoTransports() {
    String key = ClusterKey.generate().text();
    dialer = transport("dialer", key, counters);
    acceptor = transport("acceptor", key, new Counters());
    address = acceptor.listen(new Address("127.0.0.1", 0));
  }

  static Transport transport(String name, String key, Counters counters) {
    Trust trust = Trust.open("test", name, Set.of(), KeySource.literal(key), TIME);
    HelloFrame hello = new HelloFrame(
        Protocol.VERSION,
        "test",
        name,
        NodeId.random(),
        Protocol.FRAME_LIMIT,
        1 << 20,
        100,
        15_000,
        Protocol.INITIAL_WINDOW,
        0,
        "test",
        Map.of());
    SessionLimits session = new SessionLimits(
        1 << 20,
        100,
        2 << 20,
        TimeUnit.SECONDS.toNanos(15),
        TimeUnit.SECONDS.toNanos(10),
        TimeUnit.MINUTES.toNanos(5));
    TransportOptions options = new TransportOptions(
        name, 1, TlsProvider.JDK, Duration.ofSeconds(3), Duration.ofSeconds(10), 100, 100, session);
    return new Transport(options, () -> hello, trust, new Silent(), counters, TIME);
  }

  Link link() throws Exception {
    return dialer.dial(address).get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    dialer.close();
    acceptor.close();
  }

  /** Takes streams and never answers. */
  private static final class Silent implements LinkEvents {
    @Override
    public void onReady(Link link) {}

    @Override
    public Stream onOpen(Link link, OpenFrame open, long now) {
      return new Stream() {
        @Override
        public void run(Session session, long at) {}

        @Override
        public void abandon(String reason, long at) {}

        @Override
        protected void onLost(String reason, Ran ran, long at) {}
      };
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void onDraining(Link link) {}

    @Override
    public void onClosed(Link link, Status status, String reason) {}

    @Override
    public void onRefused(String remote, LinkException failure) {}
  }
}
