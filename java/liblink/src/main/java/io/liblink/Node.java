package io.liblink;

import io.liblink.identity.Identity;
import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.message.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This process in a cluster: it serves, and it calls. Thread-safe. Two nodes in one JVM do not know
 * of each other except as peers.
 *
 * <p>A node listens from its first {@link #serve} on; one that only calls opens no port.
 */
public final class Node implements AutoCloseable {
  private final NodeCore core;
  private final ServedServices served;
  private final Housekeeping housekeeping;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;

  private Node(NodeOptions options) {
    this.core = new NodeCore(options);
    this.served = new ServedServices(core);
    this.housekeeping = new Housekeeping(core);
  }

  /** Joins with nothing set but what the environment says; see {@link NodeOptions#cluster}. */
  public static Node join(String cluster) {
    return join(NodeOptions.cluster(cluster));
  }

  /**
   * Joins. The registry need not be up.
   *
   * @throws io.liblink.identity.ClusterKeyException when there is no key that may be used, with the
   *     cure
   * @throws IllegalArgumentException when an option is wrong, such as an unknown registry
   */
  public static Node join(NodeOptions options) {
    Node node = new Node(options);
    node.housekeeping.start();
    return node;
  }

  // ---- serving ------------------------------------------------------------------------------

  /**
   * Serves a service: returns when the registry has it, or after 2 s when that can't be reached for
   * now; it is then announced as soon as it can.
   *
   * @throws IllegalArgumentException when this node serves that service already
   * @throws io.liblink.status.LinkException UNAVAILABLE when the address to listen at can't be had
   * @throws IllegalStateException on an event loop, and when the node is closed
   */
  public Served serve(Service service) {
    requireOpen();
    core.requireMayBlock();
    return served.serve(service);
  }

  // ---- calling ------------------------------------------------------------------------------

  /**
   * A handle to call that service, whether or not it is there yet. Until the node has drained, its
   * handlers may still call, to finish their work.
   */
  public RemoteService service(String name) {
    if (ended) {
      throw new IllegalStateException("the node is closed");
    }
    return new RemoteService(core, core.routes().to(Names.service(name), null, null));
  }

  /**
   * The names of all services that the registry knows, without the one built in.
   *
   * @throws io.liblink.status.LinkException when the registry does not answer within 5 s
   */
  public Set<String> services() {
    requireOpen();
    core.requireMayBlock();
    Set<String> names = new TreeSet<>(Waiting.on(
        core.registry().services().toCompletableFuture(), Duration.ofSeconds(3).toNanos()));
    names.remove(BuiltIn.SERVICE);
    return names;
  }

  // ---- what it is ---------------------------------------------------------------------------

  /** The cluster joined. */
  public String cluster() {
    return core.options().cluster;
  }

  /** The node's name. */
  public String name() {
    return core.options().name;
  }

  /** This run of the node. */
  public NodeId id() {
    return core.id();
  }

  /** Who this node proves to be. */
  public Identity identity() {
    return core.trust().self();
  }

  /** What others are told to dial, in order of preference; empty while it serves nothing. */
  public List<Address> addresses() {
    return served.addresses();
  }

  /**
   * Every counter of the node by its name, for example {@code calls.ended.UNAVAILABLE}, {@code
   * drop.late_reply}. {@code docs/guide/operating.md} lists them.
   */
  public Map<String, Long> counters() {
    return core.counters().snapshot();
  }

  // ---- end ----------------------------------------------------------------------------------

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the node is closed");
    }
  }

  /** Closes with the drain time of the options. Idempotent. */
  @Override
  public void close() {
    close(core.options().timeouts.drain());
  }

  /**
   * Unready, leave the registry, GOAWAY, finish what runs until {@code drain}, stop. Callers move over
   * without an error. Idempotent; a second caller does not wait.
   *
   * @throws IllegalStateException on an event loop, where waiting would block every link on it
   */
  public void close(Duration drain) {
    core.requireMayBlock();
    if (closed.compareAndSet(false, true)) {
      housekeeping.stop();
      try {
        new Shutdown(core, served).run(drain);
      } finally {
        ended = true;
      }
    }
  }
}
