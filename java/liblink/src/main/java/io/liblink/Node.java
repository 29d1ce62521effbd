package io.liblink;

import io.liblink.identity.Identity;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * This process in a cluster: it serves, and it calls. Thread-safe. Two nodes in one JVM do not know
 * of each other except as peers.
 */
public final class Node implements AutoCloseable {
  private Node() {}

  /** Joins with nothing set but what the environment says; see {@link NodeOptions#cluster}. */
  public static Node join(String cluster) {
    return join(NodeOptions.cluster(cluster));
  }

  /** Joins. Returns when the node listens; the registry need not be up. */
  public static Node join(NodeOptions options) {
    throw new UnsupportedOperationException(options.cluster);
  }

  /** Serves a service: returns when the registry has it, or can't be reached for now. */
  public Served serve(Service service) {
    throw new UnsupportedOperationException();
  }

  /** A handle to call that service. */
  public RemoteService service(String name) {
    throw new UnsupportedOperationException();
  }

  /** The names of all services that the registry knows. */
  public Set<String> services() {
    throw new UnsupportedOperationException();
  }

  /** The cluster joined. */
  public String cluster() {
    throw new UnsupportedOperationException();
  }

  /** The node's name. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** This run of the node. */
  public NodeId id() {
    throw new UnsupportedOperationException();
  }

  /** Who this node proves to be. */
  public Identity identity() {
    throw new UnsupportedOperationException();
  }

  /** What others are told to dial, in order of preference. */
  public List<Address> addresses() {
    throw new UnsupportedOperationException();
  }

  /** Every counter of the node by its name, for example {@code calls.failed.UNAVAILABLE}. */
  public Map<String, Long> counters() {
    throw new UnsupportedOperationException();
  }

  /** Closes with the drain time of the options. Idempotent. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** Unready, leave the registry, GOAWAY, finish what runs until {@code drain}, stop. */
  public void close(Duration drain) {
    throw new UnsupportedOperationException();
  }
}
