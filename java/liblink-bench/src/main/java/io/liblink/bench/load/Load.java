package io.liblink.bench.load;

import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Secrets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of every workload. Its connections last as long as the process. For one thread.
 */
public final class Load {
  private final Peer peer;
  private final String address;
  private final Secrets secrets;
  private final List<Peer.Link> idle = new ArrayList<>();
  private Peer.@Nullable Link link;
  private Peer.@Nullable Dialer many;

  /** Nothing is connected yet. */
  public Load(Peer peer, String address, Secrets secrets) {
    this.peer = peer;
    this.address = address;
    this.secrets = secrets;
  }

  /** Runs one slice. */
  public Slice run(Workload workload, double seconds) throws Exception {
    long nanos = (long) (seconds * 1e9);
    int bytes = workload.bytes();
    int parallel = workload.parallel();
    return switch (workload) {
      case CALL_64, LOAD_64, LOAD_1K, BULK_1M ->
        AsyncLoad.start(link(), bytes, parallel, nanos).await();
      case MIXED -> mixed(bytes, nanos);
      case BLOCKING_64 -> blocking(bytes, parallel, nanos);
      case HANDSHAKE -> HandshakeLoad.run(many(), bytes, parallel, nanos);
      default -> throw new IllegalArgumentException(workload.id() + " is not made of calls");
    };
  }

  /** Opens connections, makes one call on each, and keeps them. */
  public void open(int count) throws Exception {
    byte[] request = AsyncLoad.payload(Workload.IDLE.bytes());
    for (int i = 0; i < count; i++) {
      Peer.Link one = many().connect();
      idle.add(one);
      one.call(request);
    }
  }

  /** Half of the time the transfer alone, half of it with small calls beside. */
  private Slice mixed(int bytes, long nanos) throws Exception {
    Slice alone = AsyncLoad.start(link(), Workload.TRANSFER, 1, nanos / 2).await();
    AsyncLoad transfer = AsyncLoad.start(link(), Workload.TRANSFER, 1, nanos / 2);
    Slice small = AsyncLoad.start(link(), bytes, 1, nanos / 2).await();
    Slice beside = transfer.await();
    return new Slice(
        small.calls(),
        small.errors() + alone.errors() + beside.errors(),
        small.seconds(),
        small.p50(),
        small.p99(),
        small.p999(),
        small.max(),
        beside.bytes(),
        alone.bytes() / alone.seconds(),
        beside.bytes() / beside.seconds());
  }

  private Slice blocking(int bytes, int callers, long nanos) throws Exception {
    if (!BlockingLoad.possible()) {
      throw new UnsupportedOperationException("virtual threads need Java 21");
    }
    return BlockingLoad.run(link(), bytes, callers, nanos);
  }

  private Peer.Dialer many() throws Exception {
    if (many == null) {
      many = peer.manyDialer(address, secrets);
    }
    return many;
  }

  private Peer.Link link() throws Exception {
    if (link == null) {
      link = peer.dialer(address, secrets).connect();
    }
    return link;
  }
}
