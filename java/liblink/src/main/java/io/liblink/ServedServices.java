package io.liblink;

import io.liblink.cluster.AdvertisedAddresses;
import io.liblink.message.Address;
import io.liblink.registry.Instance;
import io.liblink.routing.Groups;
import io.liblink.rpc.ServiceGate;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The services of a node: listens, announces, dispatches. Thread-safe. */
final class ServedServices {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final Duration ANNOUNCE_WAIT = Duration.ofSeconds(2);

  private final NodeCore core;
  private final ServedTopics topics;
  private final SelfDial selfDial;

  // Guarded by this.
  private final Map<String, ServedService> services = new LinkedHashMap<>();
  private @Nullable Address bound;
  private volatile List<Address> addresses = List.of();

  ServedServices(NodeCore core) {
    this.core = core;
    this.topics = new ServedTopics(core);
    this.selfDial = new SelfDial(core.transport(), core.id());
    Service builtIn = BuiltIn.service(core, this::announced);
    core.dispatcher()
        .serve(builtIn.name(), builtIn.make(new ServiceGate(builtIn.name()), core.codecs()));
  }

  ServedTopics topics() {
    return topics;
  }

  List<Address> addresses() {
    return addresses;
  }

  SelfDial selfDial() {
    return selfDial;
  }

  /** Everything that this node announces, the built-in service first. */
  synchronized List<Instance> announced() {
    List<Instance> all = new ArrayList<>();
    all.add(instance(BuiltIn.service(core, List::of), true));
    services.values().forEach(s -> all.add(s.instance()));
    return all;
  }

  Served serve(Service service) {
    ServedService made;
    CompletionStage<Void> announced;
    synchronized (this) {
      if (services.containsKey(service.name())) {
        throw new IllegalArgumentException(
            "this node serves '" + service.name() + "' already: close that first");
      }
      listen();
      ServiceGate gate = new ServiceGate(service.name());
      made = new ServedService(core, this, gate, service, instance(service, service.ready()));
      core.admission().put(service.name(), service.callerRule());
      topics.serve(service);
      core.dispatcher().serve(service.name(), service.make(gate, core.codecs()));
      core.queues().serve(service.name(), QueueWork.of(service, core.codecs()));
      boolean first = services.isEmpty();
      services.put(service.name(), made);
      announced = announce(made.instance(), first);
    }
    try {
      await(announced, "announcing '" + service.name() + "'");
    } catch (RuntimeException e) {
      made.abandon(); // the registry will never take it: it may be served again, or differently
      throw e;
    }
    return made;
  }

  private CompletionStage<Void> announce(Instance instance, boolean first) {
    try {
      if (first) {
        core.registry().announce(instance(BuiltIn.service(core, List::of), true));
      }
      return core.registry().announce(instance);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void listen() {
    if (!addresses.isEmpty()) {
      return;
    }
    NodeOptions options = core.options();
    Address at = bound;
    if (at == null) { // else it went wrong behind this the last time
      at = core.transport().listen(options.bind);
      bound = at;
    }
    addresses = AdvertisedAddresses.of(at.resolve(), options.advertise);
    if (!options.advertise.isEmpty()) {
      selfDial.start(addresses, core.nanos());
    }
    if (core.trust().keyWasCreated()
        && addresses.stream().anyMatch(ServedServices::isForOtherMachines)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "this node listens at "
              + at
              + " with a cluster key that was made just now ("
              + core.trust().fingerprints().get(0)
              + " in "
              + core.trust().keySource()
              + "): other machines need a copy of that file to join");
    }
  }

  private static boolean isForOtherMachines(Address address) {
    java.net.InetAddress known = address.resolve().getAddress();
    return known == null || !known.isLoopbackAddress(); // a name that only others know
  }

  private Instance instance(Service service, boolean ready) {
    List<Address> at = addresses;
    return new Instance(
        service.name(),
        core.options().name,
        core.id(),
        at.isEmpty() ? List.of(new Address("0.0.0.0", 0)) : at,
        service.version(),
        merged(core.metadata().get(), service.metadata(), service.groups()),
        ready,
        core.startedMillis(),
        service.endpoints(),
        service.weight(),
        "",
        "");
  }

  /** What an instance is announced with: the node's, the service's, and for whom it is. */
  static Map<String, String> merged(
      Map<String, String> node, Map<String, String> service, Set<String> groups) {
    Map<String, String> metadata = new TreeMap<>(node);
    metadata.putAll(service);
    metadata.remove(Groups.KEY); // those of the node say what it may use, not who may use it
    if (!groups.isEmpty()) {
      metadata.put(Groups.KEY, Groups.text(groups));
    }
    return metadata;
  }

  /** A registry that is slow must not keep the node from starting. */
  static void await(CompletionStage<Void> stage, String doing) {
    try {
      stage.toCompletableFuture().get(ANNOUNCE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          doing + " takes longer than " + ANNOUNCE_WAIT.toMillis()
              + " ms: the registry is slow or can't be reached; it goes on in the background");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LinkException why
          ? why
          : new IllegalStateException(doing + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The node's metadata changed: all say so. */
  void announceAgain() {
    CompletableFuture<?>[] told = all().stream()
        .map(s -> s.announceAgain().toCompletableFuture())
        .toArray(CompletableFuture[]::new);
    await(CompletableFuture.allOf(told), "announcing the metadata of the node");
  }

  synchronized void forget(ServedService service) {
    services.remove(service.instance().service(), service);
  }

  synchronized List<ServedService> all() {
    return new ArrayList<>(services.values());
  }
}
