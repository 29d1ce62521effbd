package io.liblink;

import io.liblink.codec.Codec;
import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.routing.Groups;
import io.liblink.time.TimeSource;
import io.liblink.topology.Routing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a node joins. With nothing set it gets an encrypted, bounded, working node on this machine.
 * Immutable: each method returns a changed copy.
 */
public final class NodeOptions {
  /** Which TLS does the work. Both behave the same. */
  public enum TlsProvider {
    /** BoringSSL where its native library loads, the JDK's otherwise. */
    AUTO,
    /** BoringSSL or nothing. */
    BORINGSSL,
    /** The JDK's own. */
    JDK
  }

  final String cluster;
  String name;
  Map<String, String> metadata = Map.of();
  Routing routing = Routing.defaults();
  Map<String, Routing> routingOf = Map.of();
  String registry = "local:";
  Address bind = new Address("127.0.0.1", 0);
  List<String> advertise = List.of();

  @Nullable
  Path keyFile;

  @Nullable
  String keys;

  TlsProvider tls = TlsProvider.AUTO;
  Limits limits = Limits.defaults();
  Timeouts timeouts = Timeouts.defaults();
  int linksPerPeer = 1;
  TimeSource time = TimeSource.system();
  List<Codec> codecs = List.of();
  List<Interceptor> interceptors = List.of();

  private NodeOptions(String cluster) {
    this.cluster = Names.cluster(cluster);
    this.name = "node-" + ProcessHandle.current().pid();
  }

  private NodeOptions(NodeOptions o) {
    this.cluster = o.cluster;
    this.name = o.name;
    this.metadata = o.metadata;
    this.routing = o.routing;
    this.routingOf = o.routingOf;
    this.registry = o.registry;
    this.bind = o.bind;
    this.advertise = o.advertise;
    this.keyFile = o.keyFile;
    this.keys = o.keys;
    this.tls = o.tls;
    this.limits = o.limits;
    this.timeouts = o.timeouts;
    this.linksPerPeer = o.linksPerPeer;
    this.time = o.time;
    this.codecs = o.codecs;
    this.interceptors = o.interceptors;
  }

  /**
   * Options for a cluster, taking {@code LIBLINK_REGISTRY}, {@code LIBLINK_KEY_FILE}, {@code
   * LIBLINK_KEY}, {@code LIBLINK_BIND} and {@code LIBLINK_ADVERTISE} from the environment where they
   * are set.
   */
  public static NodeOptions cluster(String cluster) {
    return cluster(cluster, System.getenv());
  }

  static NodeOptions cluster(String cluster, Map<String, String> environment) {
    NodeOptions o = new NodeOptions(cluster);
    String registry = environment.getOrDefault("LIBLINK_REGISTRY", "");
    if (!registry.isEmpty()) {
      o.registry = registry;
    }
    String keyFile = environment.getOrDefault("LIBLINK_KEY_FILE", "");
    String key = environment.getOrDefault("LIBLINK_KEY", "");
    if (!keyFile.isEmpty()) {
      o.keyFile = Path.of(keyFile);
    } else if (!key.isEmpty()) {
      o.keys = key;
    }
    String bind = environment.getOrDefault("LIBLINK_BIND", "");
    if (!bind.isEmpty()) {
      o.bind = Address.parse(bind);
    }
    String advertise = environment.getOrDefault("LIBLINK_ADVERTISE", "");
    if (!advertise.isEmpty()) {
      o.advertise = List.of(advertise.split(",", -1));
    }
    return o;
  }

  private NodeOptions with(java.util.function.Consumer<NodeOptions> change) {
    NodeOptions copy = new NodeOptions(this);
    change.accept(copy);
    return copy;
  }

  /** The node's name, in its identity and in every listing. Default {@code node-<pid>}. */
  public NodeOptions name(String name) {
    Names.node(name);
    return with(o -> o.name = name);
  }

  /**
   * Metadata of the node; every instance it announces carries it, and where a service has the same
   * key, that of the service counts.
   */
  public NodeOptions meta(String key, String value) {
    Names.metaKey(key);
    Map<String, String> m = new TreeMap<>(metadata);
    m.put(key, value);
    return with(o -> o.metadata = Map.copyOf(m));
  }

  /**
   * The groups that this node is in: it may use services that are {@linkplain Service#groups for}
   * one of them, besides those that are for all. Default: none.
   *
   * @throws IllegalArgumentException when one has no service-like name
   */
  public NodeOptions groups(String... groups) {
    return meta(Groups.KEY, Groups.text(groupNames(groups)));
  }

  static Set<String> groupNames(String... groups) {
    Set<String> names = new TreeSet<>();
    for (String group : groups) {
      names.add(Names.service(group));
    }
    if (names.size() > Groups.MOST) {
      throw new IllegalArgumentException("more than " + Groups.MOST + " groups");
    }
    return names;
  }

  /** How instances are chosen, for services that have no rules of their own. */
  public NodeOptions routing(Routing rules) {
    return with(o -> o.routing = rules);
  }

  /**
   * How instances of one service are chosen.
   *
   * @throws IllegalArgumentException when it is no service name
   */
  public NodeOptions routing(String service, Routing rules) {
    Map<String, Routing> more = new TreeMap<>(routingOf);
    more.put(Names.service(service), rules);
    return with(o -> o.routingOf = Map.copyOf(more));
  }

  /**
   * Where to announce and to look: {@code local:}, {@code local:/directory}, {@code
   * static:host:port,…}, or the scheme of another provider. Default {@code local:}. What is wrong
   * with it is said by {@link Node#join(NodeOptions)}.
   */
  public NodeOptions registry(String uri) {
    return with(o -> o.registry = uri);
  }

  /** The address to listen at; port 0 takes a free one. Default {@code 127.0.0.1:0}. */
  public NodeOptions bind(String address) {
    Address a = Address.parse(address);
    return with(o -> o.bind = a);
  }

  /**
   * The addresses that others are told to dial, {@code host} or {@code host:port}, in order of
   * preference. Default: the address bound; when that is a wildcard, the addresses of the network
   * interfaces that are up, loopback last.
   */
  public NodeOptions advertise(String... addresses) {
    List<String> list = List.of(addresses);
    return with(o -> o.advertise = list);
  }

  /**
   * The file with the cluster key, instead of {@link #key}; it must exist. Default: one in the user's
   * configuration, made when it is missing.
   */
  public NodeOptions keyFile(Path file) {
    return with(o -> {
      o.keyFile = file;
      o.keys = null;
    });
  }

  /**
   * The cluster key itself, or two separated by a comma while it is rotated, instead of {@link
   * #keyFile}. A node that has its key so must be restarted to change it.
   */
  public NodeOptions key(String keys) {
    return with(o -> {
      o.keys = keys;
      o.keyFile = null;
    });
  }

  /** Which TLS does the work. Default {@link TlsProvider#AUTO}. */
  public NodeOptions tls(TlsProvider provider) {
    return with(o -> o.tls = provider);
  }

  /** Changes the bounds. */
  public NodeOptions limits(UnaryOperator<Limits> change) {
    Limits changed = change.apply(limits);
    return with(o -> o.limits = changed);
  }

  /** Changes the waits. */
  public NodeOptions timeouts(UnaryOperator<Timeouts> change) {
    Timeouts changed = change.apply(timeouts);
    return with(o -> o.timeouts = changed);
  }

  /**
   * How many links to keep to each peer that this node dials, 1 to 16, spread over the event loops.
   * Default 1, which serves until one core is not enough for one pair of nodes.
   */
  public NodeOptions linksPerPeer(int count) {
    if (count < 1 || count > 16) {
      throw new IllegalArgumentException("links per peer: 1 to 16, not " + count);
    }
    return with(o -> o.linksPerPeer = count);
  }

  /** The clock by which the node lives: deadlines, keepalive, certificates. For tests. */
  public NodeOptions time(TimeSource time) {
    return with(o -> o.time = time);
  }

  /**
   * Adds a codec. Values are written by the first codec, in the order added and the built-in JSON
   * last, whose {@link Codec#handles} takes their class, replies preferably in the content type of
   * their request; messages are read by the codec of their content type. A codec that handles every
   * class, as is the default, leaves nothing to JSON but reading.
   */
  public NodeOptions codec(Codec codec) {
    List<Codec> list = new ArrayList<>(codecs);
    list.add(codec);
    return with(o -> o.codecs = List.copyOf(list));
  }

  /**
   * Adds an interceptor around the calls that this node makes, surveys and streams included; the
   * first added is outermost. The reply that it sees of a stream is its end.
   */
  public NodeOptions intercept(Interceptor interceptor) {
    List<Interceptor> list = new ArrayList<>(interceptors);
    list.add(interceptor);
    return with(o -> o.interceptors = List.copyOf(list));
  }
}
