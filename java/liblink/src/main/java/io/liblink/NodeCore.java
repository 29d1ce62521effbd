package io.liblink;

import io.liblink.cluster.Directory;
import io.liblink.cluster.Peers;
import io.liblink.codec.json.Codecs;
import io.liblink.identity.key.KeySource;
import io.liblink.identity.trust.Trust;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.pipeline.Producers;
import io.liblink.pipeline.Queues;
import io.liblink.pubsub.Subscriptions;
import io.liblink.pubsub.Topics;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import io.liblink.routing.Routes;
import io.liblink.routing.RoutingPlan;
import io.liblink.rpc.CallRequest;
import io.liblink.rpc.Caller;
import io.liblink.rpc.Dispatcher;
import io.liblink.session.SessionLimits;
import io.liblink.telemetry.Counters;
import io.liblink.time.TimeSource;
import io.liblink.topology.Routing;
import io.liblink.transport.TlsProvider;
import io.liblink.transport.Transport;
import io.liblink.transport.TransportOptions;
import io.liblink.wire.Contents;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Text;
import io.liblink.wire.TraceContext;
import io.liblink.work.CurrentWork;
import io.liblink.work.Workers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The parts of a node, put together. Thread-safe. */
final class NodeCore {
  private static final int MOST_EVENT_LOOPS = 4;

  /** {@code service/method} encoded, so that it is encoded once; names come from the program. */
  private final Map<String, Map<String, Text>> targets = new ConcurrentHashMap<>();

  private final NodeOptions options;
  private final NodeId id = NodeId.random();
  private final long startedMillis;
  private final Counters counters = new Counters();
  private final Codecs codecs;
  private final Trust trust;
  private final Transport transport;
  private final Peers peers;
  private final Registry registry;
  private final Directory directory;
  private final Routes routes;
  private final Caller caller;
  private final Workers workers;
  private final Dispatcher dispatcher;
  private final Topics topics;
  private final Subscriptions subscriptions;
  private final Queues queues;
  private final Producers producers;
  private final Admission admission;
  private final NodeMetadata metadata;
  private final Idempotents idempotents = new Idempotents();

  NodeCore(NodeOptions options) {
    this.options = options;
    TimeSource time = options.time;
    this.metadata = new NodeMetadata(options.metadata);
    this.admission = new Admission(counters);
    this.startedMillis = time.wallMillis();
    this.codecs = new Codecs(options.codecs);
    Transport.preload(); // goes on beside the derivation of the key, which takes as long
    this.trust = Trust.open(options.cluster, options.name, Set.of(), keySource(options), time);
    this.workers = new Workers(options.name);
    Limits limits = options.limits;
    this.dispatcher = new Dispatcher(
        workers, time, counters, limits.messageBytes(), limits.sendBytes(), limits.inFlight());
    this.topics = new Topics(time, counters, limits.messageBytes());
    NodeLinks links = new NodeLinks(dispatcher, topics, admission, workers, counters, time);
    this.transport =
        new Transport(transportOptions(options), this::hello, trust, links, counters, time);
    this.peers = new Peers(transport, time, options.linksPerPeer);
    this.queues = new Queues(workers, time, transport.timers(), counters);
    links.start(peers, queues);
    this.registry = openRegistry(options, time);
    peers.onUnreachable(registry::suspect);
    this.directory = new Directory(registry);
    RoutingPlans plans = new RoutingPlans(options, metadata::get, id);
    this.routes = new Routes(directory, time, plans::of);
    this.caller = new Caller(
        peers,
        time,
        transport.timers(),
        counters,
        idempotents::isIdempotent,
        limits.messageBytes(),
        limits.sendBytes());
    this.subscriptions = new Subscriptions(peers, time, transport.timers(), workers, counters);
    this.producers = new Producers(
        peers, time, transport.timers(), workers, counters, id, limits.messageBytes());
  }

  private static KeySource keySource(NodeOptions options) {
    if (options.keys != null) {
      return KeySource.literal(options.keys);
    }
    return options.keyFile != null
        ? KeySource.file(options.keyFile)
        : KeySource.ofUser(options.cluster, System.getenv());
  }

  private Registry openRegistry(NodeOptions options, TimeSource time) {
    try {
      return Registries.open(
          options.registry,
          new RegistryProvider.Context(
              options.cluster, options.name, id, time, new PeerProbe(this)));
    } catch (RuntimeException e) {
      transport.close();
      workers.close();
      throw e;
    }
  }

  private static TransportOptions transportOptions(NodeOptions o) {
    int loops = Math.min(Runtime.getRuntime().availableProcessors(), MOST_EVENT_LOOPS);
    SessionLimits session = new SessionLimits(
        o.limits.messageBytes(),
        o.limits.streams(),
        o.limits.receiveBytes(),
        o.timeouts.keepalive().toNanos(),
        o.timeouts.keepaliveAnswer().toNanos(),
        o.timeouts.idle().toNanos());
    return new TransportOptions(
        o.name,
        Math.max(loops, o.linksPerPeer),
        TlsProvider.valueOf(o.tls.name()),
        o.timeouts.connect(),
        o.timeouts.handshake(),
        o.limits.links(),
        o.limits.handshakes(),
        session);
  }

  private HelloFrame hello() {
    return new HelloFrame(
        Protocol.VERSION,
        options.cluster,
        options.name,
        id,
        Protocol.FRAME_LIMIT,
        options.limits.messageBytes(),
        options.limits.streams(),
        options.timeouts.keepalive().toMillis(),
        Protocol.INITIAL_WINDOW,
        0,
        "liblink-java/" + BuiltIn.version(),
        metadata.get());
  }

  // ---- calls --------------------------------------------------------------------------------

  /** A request, under the deadline and the trace of the request that this thread handles, if any. */
  CallRequest request(
      String service,
      String method,
      Message message,
      long timeoutNanos,
      boolean idempotent,
      boolean patient) {
    long now = Transport.nanos(options.time);
    long deadline = now + timeoutNanos;
    TraceContext trace;
    CurrentWork.Context outer = CurrentWork.get();
    if (outer == null) {
      trace = TraceContext.start();
    } else {
      trace = outer.trace().child();
      if (outer.deadlineNanos() != Long.MAX_VALUE && outer.deadlineNanos() - deadline < 0) {
        deadline = outer.deadlineNanos();
      }
    }
    return new CallRequest(
        target(service, method),
        Contents.of(message),
        now,
        deadline,
        trace,
        idempotent,
        patient,
        null);
  }

  /** The trace of a message: that of the request that this thread handles, if any. */
  TraceContext trace() {
    CurrentWork.Context outer = CurrentWork.get();
    return outer == null ? TraceContext.start() : outer.trace().child();
  }

  private Text target(String service, String method) {
    Map<String, Text> ofService = targets.get(service);
    if (ofService == null) {
      ofService = targets.computeIfAbsent(service, k -> new ConcurrentHashMap<>());
    }
    Text known = ofService.get(method);
    if (known != null) {
      return known;
    }
    Text made = Text.of(service + "/" + io.liblink.message.Names.endpoint(method));
    if (ofService.size() < 1000) {
      ofService.put(method, made);
    }
    return made;
  }

  /** Fails on event loops: who waits there waits for itself. */
  void requireMayBlock() {
    if (Transport.onEventLoop()) {
      throw new IllegalStateException(
          "waiting on an event loop would block every link on it: use callAsync, or leave"
              + " NON_BLOCKING off the handler, or give the dependent of a future an executor");
    }
  }

  // ---- parts --------------------------------------------------------------------------------

  NodeOptions options() {
    return options;
  }

  NodeId id() {
    return id;
  }

  long startedMillis() {
    return startedMillis;
  }

  long nanos() {
    return options.time.nanos();
  }

  Counters counters() {
    return counters;
  }

  Codecs codecs() {
    return codecs;
  }

  Trust trust() {
    return trust;
  }

  Transport transport() {
    return transport;
  }

  Peers peers() {
    return peers;
  }

  Registry registry() {
    return registry;
  }

  Directory directory() {
    return directory;
  }

  /** Rules that a handle brings. */
  RoutingPlan planOf(Routing rules) {
    return RoutingPlan.of(rules, metadata::get, id);
  }

  Routes routes() {
    return routes;
  }

  Caller caller() {
    return caller;
  }

  Workers workers() {
    return workers;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Topics topics() {
    return topics;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  Queues queues() {
    return queues;
  }

  Producers producers() {
    return producers;
  }

  Admission admission() {
    return admission;
  }

  NodeMetadata metadata() {
    return metadata;
  }

  Idempotents idempotents() {
    return idempotents;
  }
}
