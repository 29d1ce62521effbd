package io.liblink.bench.peers;

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
import io.liblink.transport.Link;
import io.liblink.transport.LinkEvents;
import io.liblink.transport.TlsProvider;
import io.liblink.transport.Transport;
import io.liblink.transport.TransportOptions;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Links of liblink without nodes around them. Between two nodes there is one link, so whoever wants
 * a thousand, or a new one each time, would measure nodes: here one transport dials them all, with
 * the whole handshake (TLS, identity, HELLO), against a node that serves as always.
 */
final class LiblinkLinks {
  private static final int MESSAGE = 64 << 20;
  private static final long PATIENCE_SECONDS = 30;

  private LiblinkLinks() {}

  static Peer.Dialer dialer(String cluster, String target, Address address, String key) {
    String name = "bench-client";
    TimeSource time = TimeSource.system();
    Trust trust = Trust.open(cluster, name, Set.of(), KeySource.literal(key), time);
    HelloFrame hello = new HelloFrame(
        Protocol.VERSION,
        cluster,
        name,
        NodeId.random(),
        Protocol.FRAME_LIMIT,
        MESSAGE,
        4096,
        15_000,
        Protocol.INITIAL_WINDOW,
        0,
        "liblink-bench",
        Map.of());
    SessionLimits session = new SessionLimits(
        MESSAGE,
        4096,
        2L * MESSAGE,
        TimeUnit.SECONDS.toNanos(15),
        TimeUnit.SECONDS.toNanos(10),
        TimeUnit.MINUTES.toNanos(5));
    TransportOptions options = new TransportOptions(
        name,
        Runtime.getRuntime().availableProcessors(),
        TlsProvider.AUTO,
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        4096,
        256,
        session);
    Transport transport =
        new Transport(options, () -> hello, trust, new OnlyCalls(), new Counters(), time);
    Text text = Text.of(target);
    return () ->
        new BareLink(transport.dial(address).get(PATIENCE_SECONDS, TimeUnit.SECONDS), text);
  }

  private record BareLink(Link link, Text target) implements Peer.Link {
    @Override
    public void call(byte[] request, Peer.Reply reply) {
      link.submit(new Call(target, request, reply));
    }

    @Override
    public void close() {
      link.close("the bench is done with it");
    }
  }

  /** One call. Belongs to the event loop of its link. */
  private static final class Call extends Stream {
    private final Text target;
    private final byte[] request;
    private final Peer.Reply reply;

    Call(Text target, byte[] request, Peer.Reply reply) {
      this.target = target;
      this.request = request;
      this.reply = reply;
    }

    @Override
    public void run(Session session, long now) {
      Content content = new Content(Map.of(), Text.EMPTY, request);
      session.open(
          this, new OpenFrame(OpenFrame.CALL, 1, 5000, TraceContext.start(), -1, target, content));
    }

    @Override
    public void abandon(String reason, long now) {
      reply.failed(new IllegalStateException(reason));
    }

    @Override
    protected void onClose(CloseFrame close, long now) {
      if (close.status() == Status.OK) {
        reply.arrived(close.content().payload());
      } else {
        reply.failed(new IllegalStateException(close.status().toString()));
      }
    }

    @Override
    protected void onLost(String reason, Ran ran, long now) {
      reply.failed(new IllegalStateException(reason));
    }
  }

  /** A client that nobody calls. */
  private static final class OnlyCalls implements LinkEvents {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void onReady(Link link) {}

    @Override
    public Stream onOpen(Link link, OpenFrame open, long now) {
      throw new IllegalStateException("nobody calls a client of the bench");
    }

    @Override
    public void onDraining(Link link) {}

    @Override
    public void onClosed(Link link, Status status, String reason) {}

    @Override
    public void onRefused(String remote, LinkException failure) {}
  }
}
