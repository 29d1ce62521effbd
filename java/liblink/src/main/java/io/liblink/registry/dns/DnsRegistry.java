package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.View;
import io.liblink.registry.loop.ProblemLog;
import io.liblink.registry.loop.RegistryLoop;
import io.liblink.registry.loop.Suspects;
import io.liblink.registry.loop.Watches;
import io.liblink.registry.peers.Peer;
import io.liblink.registry.peers.Peers;
import io.liblink.registry.peers.Questions;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry that DNS is: somebody else writes the records, nodes read them. Where they lead,
 * peers are asked who they are. Names are looked up again at an interval, by the node's clock, and
 * soon when a peer does not answer or a caller could not reach it. While nobody watches, nobody is
 * asked.
 */
final class DnsRegistry implements Registry {
  /** What every node serves, and nobody writes records for. */
  private static final String BUILT_IN = "liblink";

  /** Peers are asked this often. */
  private static final Duration ASK = Duration.ofSeconds(5);

  /** The loop waits in real time while the node's clock may be turned by a test: look this often. */
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final DnsUri uri;
  private final Context context;
  private final DoubleSupplier random;
  private final Lookups lookups;
  private final RegistryLoop loop = new RegistryLoop("dns", this::step);
  private final Watches watches = new Watches(() -> later(() -> hurried = true));
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Suspects suspects = new Suspects(this::later, this::judge);
  private final Map<String, Address> announced = new ConcurrentHashMap<>();
  private final ProblemLog log;
  private volatile boolean closed;
  private volatile String problem = "";

  // Only the registry's thread touches these.
  private final Map<String, ServiceRecords> services = new LinkedHashMap<>();
  private final Peers peers = new Peers();
  private final Questions questions;
  private final Set<Address> silent = new HashSet<>();
  private boolean hurried;

  /**
   * Prepares it; {@link #start} lets it work.
   *
   * @param random gives numbers from 0 to 1, for the jitter
   */
  DnsRegistry(DnsUri uri, Resolver resolver, Context context, DoubleSupplier random) {
    this(uri, resolver, context, random, ASK);
  }

  /** The same, with peers asked at another interval. */
  DnsRegistry(DnsUri uri, Resolver resolver, Context context, DoubleSupplier random, Duration ask) {
    this.uri = uri;
    this.context = context;
    this.random = random;
    this.lookups = new Lookups(uri, resolver, context.time());
    this.questions = new Questions(peers, context, ask, random, this::later);
    this.log = new ProblemLog(uri.uri(), context.time());
  }

  void start() {
    loop.start();
  }

  private void later(Runnable news) {
    inbox.add(news);
    loop.wake();
  }

  private long now() {
    return context.time().nanos();
  }

  @Override
  public String uri() {
    return uri.uri();
  }

  /**
   * Changes nothing, since DNS is only read. That DNS has no record of the service is then a {@link
   * #problem}.
   */
  @Override
  public CompletionStage<Void> announce(Instance instance) {
    if (closed) {
      return CompletableFuture.failedStage(closedFailure());
    }
    if (!instance.service().equals(BUILT_IN)) {
      announced.put(instance.service(), instance.addresses().get(0));
      loop.wake();
    }
    return CompletableFuture.completedStage(null);
  }

  /** Changes nothing: whoever wrote the record removes it. */
  @Override
  public CompletionStage<Void> withdraw(String service) {
    if (closed) {
      return CompletableFuture.failedStage(closedFailure());
    }
    announced.remove(service);
    loop.wake();
    return CompletableFuture.completedStage(null);
  }

  @Override
  public Watch watch(String service, Consumer<View> listener) {
    if (closed) {
      throw new IllegalStateException("the registry " + uri() + " is closed");
    }
    return watches.add(Names.service(service), listener);
  }

  /** Those that somebody watches or this node announces, and whatever else serve the peers found. */
  @Override
  public CompletionStage<Set<String>> services() {
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    later(() -> {
      Set<String> names = new TreeSet<>(peers.services());
      services.forEach((name, records) -> {
        if (records.isFound()) {
          names.add(name);
        }
      });
      answer.complete(names);
    });
    if (closed) {
      answer.completeExceptionally(closedFailure());
    }
    return answer;
  }

  @Override
  public void suspect(Instance instance) {
    suspects.add(instance);
  }

  private void judge(Instance suspect) {
    peers.suspect(suspect.id(), now());
    ServiceRecords records = services.get(suspect.service());
    if (records != null) {
      records.suspect(now());
    }
  }

  @Override
  public Duration staleness() {
    Duration lookup = uri.every().plus(ASK);
    return Duration.ofNanos(
        (long) (lookup.toNanos() * (1 + Questions.JITTER)) + Peers.ANSWER_NANOS);
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watches.close();
    loop.wake();
  }

  private long step() {
    Runnable news;
    while ((news = inbox.poll()) != null) {
      news.run();
    }
    if (closed) {
      loop.stop();
      return 0;
    }
    long now = now();
    Set<String> watched = watches.services();
    follow(watched, now);
    lookUp(watched, now);
    ask(watched, now);
    problem = problems(watched);
    log.now(problem);
    watches.deliver(this::view);
    return rest(now());
  }

  /** Looks after what somebody wants to know of, and what this node announces. */
  private void follow(Set<String> watched, long now) {
    services.keySet().removeIf(s -> !watched.contains(s) && !announced.containsKey(s));
    for (String service : watched) {
      ServiceRecords records = services.computeIfAbsent(service, s -> new ServiceRecords(s, now));
      if (hurried) {
        records.hurry(now);
      }
    }
    for (String service : announced.keySet()) {
      services.computeIfAbsent(service, s -> new ServiceRecords(s, now));
    }
    if (hurried) {
      peers.hurry(now);
      hurried = false;
    }
  }

  private void lookUp(Set<String> watched, long now) {
    services.forEach((service, records) -> {
      if (records.isDue(now)) {
        boolean own = !watched.contains(service);
        long interval = own ? ServiceRecords.OWN_NANOS : uri.every().toNanos();
        lookups.look(
            service,
            records.look(now),
            answer -> later(() -> records.heard(answer, now(), vary(interval))));
      }
    });
  }

  private long vary(long nanos) {
    return (long) (nanos * (1 + Questions.JITTER * (2 * random.getAsDouble() - 1)));
  }

  private void ask(Set<String> watched, long now) {
    List<ServiceRecords> wanted = new ArrayList<>();
    services.forEach((service, records) -> {
      if (watched.contains(service)) {
        wanted.add(records);
      }
    });
    Set<Address> addresses = new LinkedHashSet<>();
    wanted.forEach(records -> addresses.addAll(records.addresses()));
    peers.keep(addresses, now);
    questions.giveUp();
    questions.ask();
    silent.retainAll(addresses);
    for (Address address : addresses) {
      Peer peer = peers.at(address);
      if (peer == null || peer.problem().isEmpty()) {
        silent.remove(address);
      } else if (silent.add(address)) {
        // It just fell silent: perhaps it moved, and DNS knows.
        for (ServiceRecords records : wanted) {
          if (records.addresses().contains(address)) {
            records.suspect(now);
          }
        }
      }
    }
  }

  private long rest(long now) {
    long wait = Long.MAX_VALUE;
    for (ServiceRecords records : services.values()) {
      wait = Math.min(wait, records.untilNext(now));
    }
    if (!watches.isEmpty()) {
      wait = Math.min(wait, peers.untilNext(now));
    }
    return services.isEmpty() ? Long.MAX_VALUE : Math.min(WAIT_NANOS, Math.max(0, wait));
  }

  private @Nullable View view(String service) {
    ServiceRecords records = services.get(service);
    View view = records == null ? null : records.view(peers, now());
    if (view == null || !service.equals(BUILT_IN) || !view.instances().isEmpty()) {
      return view;
    }
    // It is wherever anything else was found; that DNS does not have it is as it should be.
    return new View(peers.instances(BUILT_IN), view.asOfNanos(), view.problem());
  }

  private String problems(Set<String> watched) {
    Set<String> words = new LinkedHashSet<>();
    services.forEach((service, records) -> {
      words.add(records.problem());
      Address own = announced.get(service);
      if (own != null && !records.absence().isEmpty()) {
        words.add("'"
            + service
            + "' is served here and not in DNS ("
            + records.absence()
            + "), so nobody finds it: DNS is only read, add a record that leads to "
            + own);
      } else if (watched.contains(service)
          && !service.equals(BUILT_IN)
          && !records.absence().isEmpty()) {
        words.add(records.absence());
      }
    });
    words.remove("");
    List<String> all = new ArrayList<>(words);
    return String.join("; ", all.subList(0, Math.min(5, all.size())))
        + (all.size() > 5 ? "; and " + (all.size() - 5) + " more" : "");
  }

  private LinkException closedFailure() {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri() + " was closed")
        .build();
  }
}
