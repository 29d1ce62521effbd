package io.liblink;

import io.liblink.identity.Identity;
import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This process in a cluster: it serves, and it calls. Thread-safe; one for a process is right, since
 * each has threads and links of its own. Two nodes in one JVM do not know of each other except as
 * peers.
 *
 * <p>A node listens from its first {@link #serve} on; one that only calls opens no port. Its threads
 * are daemons: a process that only serves must be kept running by its own main thread, and nothing
 * closes the node when the process is stopped but a shutdown hook of the program.
 */
public final class Node implements AutoCloseable {
  private static final Duration SERVICES_WAIT = Duration.ofSeconds(5);

  private final NodeCore core;
  private final ServedServices served;
  private final Housekeeping housekeeping;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;

  private Node(NodeOptions options) {
    this.core = new NodeCore(options);
    this.served = new ServedServices(core);
    this.housekeeping = new Housekeeping(core, served.selfDial());
  }

  /** Joins with nothing set but what the environment says; see {@link NodeOptions#cluster}. */
  public static Node join(String cluster) {
    return join(NodeOptions.cluster(cluster));
  }

  /**
   * Joins: reads the key, which is made when it is missing and none was named, and starts the node's
   * threads. The registry need not be up. May block for files, not for the network.
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
   * Serves a service, listening first if this is the node's first. Blocks until the registry has it,
   * or for 2 s when that is slow or can't be reached: it is then announced as soon as it can be, and
   * a warning is logged. Requests are answered from the moment others can know of it.
   *
   * @throws IllegalArgumentException when this node serves that service already
   * @throws IllegalStateException on an event loop, and when the node is closed
   * @throws LinkException UNAVAILABLE when the address to listen at can't be had
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
   * The names of all services that the registry knows, sorted, without the one built in. Blocks.
   *
   * @throws LinkException DEADLINE_EXCEEDED when the registry does not answer within 5 s
   * @throws IllegalStateException on an event loop, or when the node is closed
   */
  public Set<String> services() {
    requireOpen();
    core.requireMayBlock();
    Set<String> names = new TreeSet<>(Waiting.orTimeout(
        core.registry().services().toCompletableFuture().copy(),
        SERVICES_WAIT,
        () -> LinkException.failure(
                Status.DEADLINE_EXCEEDED,
                Stage.DISCOVER,
                "the registry " + core.registry().uri() + " has not answered within "
                    + SERVICES_WAIT.toSeconds() + " s")
            .build()));
    names.remove(BuiltIn.SERVICE);
    return names;
  }

  // ---- publishing ---------------------------------------------------------------------------

  /**
   * Publishes a message; see {@link Topic#publish(Object)}.
   *
   * @param target {@code service/topic}, served by this node
   * @return its number among the messages of the topic, from 1
   * @throws IllegalArgumentException also when this node serves no such topic
   */
  public long publish(String target, Object value) {
    return topic(target).publish(value);
  }

  /** Publishes a message under a key; see {@link Topic#publish(String, Object)}. */
  public long publish(String target, String key, Object value) {
    return topic(target).publish(key, value);
  }

  /**
   * A topic of a service that this node serves.
   *
   * @param target {@code service/topic}
   * @throws IllegalArgumentException when this node serves no such topic
   */
  public Topic topic(String target) {
    return served.topics().get(target);
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

  /**
   * Changes one pair of the node's metadata while it runs: what it serves is announced with it, which
   * instances it prefers is chosen anew, and its links are made anew by and by, since the other ends know
   * it by what it said at first. Returns when the registry knows, or after 2 s.
   *
   * @param value at most 512 characters; null takes the pair away
   * @throws IllegalArgumentException when it can't be announced
   * @throws IllegalStateException on an event loop, or when the node is closed
   */
  public void meta(String key, @Nullable String value) {
    requireOpen();
    core.requireMayBlock();
    if (core.metadata().change(key, value)) {
      core.routes().refresh();
      served.announceAgain();
      core.peers().renew("the metadata of the node changed");
    }
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
   * What is wrong with this node's place in the cluster now, in words for its operator: why the registry
   * does not answer or what it could not take, which advertised address does not lead here. Empty when
   * nothing is.
   */
  public List<String> problems() {
    List<String> all = new ArrayList<>(served.selfDial().problems());
    String registry = core.registry().problem();
    if (!registry.isEmpty()) {
      all.add("registry " + core.registry().uri() + ": " + registry);
    }
    return List.copyOf(all);
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
   * Leaves the registry, stops listening, tells the peers, finishes what runs until {@code drain} is
   * over, and stops. Callers move over to other instances without an error. Blocks for up to {@code
   * drain} and about 3 s more; not to be called by a handler, which would wait for itself.
   * Idempotent; a second caller does not wait.
   *
   * @param drain zero to cut everything off
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
