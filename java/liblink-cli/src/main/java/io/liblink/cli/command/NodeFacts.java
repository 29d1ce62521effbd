package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.message.Message;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, from the {@code info} method of the built-in service. A node of
 * another version may leave out what this one does not know, and say more.
 *
 * @param node its name
 * @param id this run of it
 * @param liblink the version of the library
 * @param runtime what runs it, for example {@code Java 25.0.3}
 * @param transport {@code epoll} or {@code nio}
 * @param tls {@code BoringSSL} or {@code JDK}
 * @param signs the fingerprint of the cluster key it proves itself by
 * @param accepts the fingerprints of the keys it accepts
 * @param registryProblem what is wrong with its registry, in words
 * @param startedMillis since 1970
 * @param wallMillis its clock, since 1970
 */
record NodeFacts(
    @Nullable String node,
    @Nullable String id,
    @Nullable String liblink,
    @Nullable String runtime,
    @Nullable String transport,
    @Nullable String tls,
    @Nullable String signs,
    @Nullable List<String> accepts,
    @Nullable String registryProblem,
    long startedMillis,
    long wallMillis) {
  /** The name of the service that every node answers. */
  static final String SERVICE = "liblink";

  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The built-in service of the node behind an instance. */
  static RemoteService of(Node node, Instance instance, Duration timeout) {
    return node.service(SERVICE).to(instance.id().toString()).timeout(timeout);
  }

  /** One instance of each node of a service, null for all services. */
  static List<Instance> nodes(Node node, @Nullable String wanted, @Nullable String where) {
    Map<String, Instance> byId = new LinkedHashMap<>();
    for (String name :
        wanted == null ? new TreeSet<>(node.services()) : List.of(Names.service(wanted))) {
      Instances.of(node.service(name), where)
          .forEach(i -> byId.putIfAbsent(i.id().toString(), i));
    }
    if (wanted != null && byId.isEmpty()) {
      throw Missing.service(node, wanted, where);
    }
    return List.copyOf(byId.values());
  }

  /**
   * Asks.
   *
   * @throws LinkException when the node does not answer
   */
  static NodeFacts ask(Node node, Instance instance) {
    return of(node, instance, PATIENCE).call("info", Message.empty(), NodeFacts.class);
  }

  /** {@code liblink 0.1.0 on Java 25.0.3, epoll, BoringSSL}; what is not known is left out. */
  String software() {
    StringBuilder s = new StringBuilder("liblink ").append(liblink == null ? "?" : liblink);
    if (runtime != null) {
      s.append(" on ").append(runtime);
    }
    if (transport != null) {
      s.append(", ").append(transport);
    }
    if (tls != null) {
      s.append(", ").append(tls);
    }
    return s.toString();
  }
}
