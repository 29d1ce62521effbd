package io.liblink.registry.etcd;

import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.View;
import io.liblink.registry.loop.ProblemLog;
import io.liblink.registry.loop.RegistryLoop;
import io.liblink.registry.loop.Suspects;
import io.liblink.registry.loop.Watches;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry in etcd. Announcements are {@link LeaseKeeper}'s, each watched service is a {@link
 * ServiceWatch}; this holds them together. One thread watches and tells; answers come to it through
 * a queue.
 */
final class EtcdRegistry implements Registry {
  /** Etcd looks for leases that are over this often. */
  private static final Duration EXPIRY = Duration.ofSeconds(1);

  private final Shared shared;
  private final Context context;
  private final LeaseKeeper keeper;
  private final RegistryLoop loop = new RegistryLoop("etcd", this::step);
  private final Watches watches = new Watches(loop::wake);
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Suspects suspects = new Suspects(this::later, this::judge);
  private final ProblemLog log;
  private volatile boolean closed;
  private volatile String watchProblem = "";

  // Only the registry's thread touches these.
  private final Map<String, ServiceWatch> services = new LinkedHashMap<>();
  private final List<Listing> listings = new ArrayList<>();
  private long toldAt;

  private EtcdRegistry(
      Settings settings, Context context, TimeSource clock, DoubleSupplier random) {
    this.context = context;
    Keys keys = new Keys(settings.prefix(), Names.cluster(context.cluster()));
    this.shared = new Shared(
        settings,
        new Gateway(settings),
        new Members(settings.members(), random.getAsDouble()),
        keys,
        new Entries(keys, context.cluster()),
        new Trouble(clock, settings.ttl().multipliedBy(2).toNanos()),
        clock,
        context.time(),
        random,
        this::later);
    this.keeper = new LeaseKeeper(shared, context.id());
    this.log = new ProblemLog(settings.uri(), clock);
    this.toldAt = clock.nanos() - Rules.TELL_NANOS;
  }

  static EtcdRegistry open(Settings settings, Context context) {
    SplittableRandom random = new SplittableRandom(context.id().low());
    EtcdRegistry registry = new EtcdRegistry(settings, context, TimeSource.system(), () -> {
      synchronized (random) {
        return random.nextDouble();
      }
    });
    registry.keeper.start();
    registry.loop.start();
    return registry;
  }

  private void later(Runnable news) {
    inbox.add(news);
    loop.wake();
  }

  @Override
  public String uri() {
    return shared.settings().uri();
  }

  @Override
  public CompletionStage<Void> announce(Instance instance) {
    if (!instance.id().equals(context.id()) || !instance.node().equals(context.node())) {
      throw new IllegalArgumentException("this registry is node "
          + context.node()
          + "@"
          + context.id().shortText()
          + "'s and can't announce for "
          + instance.label());
    }
    CompletionStage<Void> stage = keeper.announcements().announce(instance);
    keeper.wake();
    return stage;
  }

  @Override
  public CompletionStage<Void> withdraw(String service) {
    CompletionStage<Void> stage = keeper.announcements().withdraw(service);
    keeper.wake();
    return stage;
  }

  @Override
  public Watch watch(String service, Consumer<View> listener) {
    if (closed) {
      throw new IllegalStateException("the registry " + uri() + " is closed");
    }
    return watches.add(Names.service(service), listener);
  }

  @Override
  public CompletionStage<Set<String>> services() {
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    later(() -> {
      Listing made = new Listing(shared, answer);
      listings.add(made);
      made.start();
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
    ServiceWatch watch = services.get(suspect.service());
    if (watch != null) {
      watch.suspect(suspect.id());
    }
  }

  @Override
  public Duration staleness() {
    Duration ttl = shared.settings().ttl();
    Duration crash = ttl.plus(EXPIRY).plus(Rules.grace(ttl));
    // A watch that dies in silence is noticed by comparing, and opened elsewhere.
    Duration silence = Duration.ofNanos((long) (Rules.checkNanos(ttl) * (1 + Rules.JITTER)))
        .plus(Rules.PATIENCE.multipliedBy(2));
    return crash.compareTo(silence) > 0 ? crash : silence;
  }

  @Override
  public String problem() {
    String announcing = keeper.problem();
    return announcing.isEmpty() || watchProblem.contains(announcing)
        ? watchProblem
        : watchProblem.isEmpty() ? announcing : announcing + "; " + watchProblem;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watches.close();
    loop.wake();
    keeper.close();
  }

  private long step() {
    Runnable news;
    while ((news = inbox.poll()) != null) {
      news.run();
    }
    if (closed) {
      services.values().forEach(ServiceWatch::close);
      services.clear();
      listings.forEach(l -> l.fail(closedFailure()));
      listings.clear();
      loop.stop();
      return 0;
    }
    listings.removeIf(Listing::isOver);
    follow(watches.services());
    long wait = TimeUnit.MINUTES.toNanos(1);
    for (ServiceWatch watch : services.values()) {
      wait = Math.min(wait, watch.step());
    }
    watchProblem = problems();
    log.now(problem());
    return Math.max(0, Math.min(wait, tell()));
  }

  /** Watches what somebody wants to know of, and nothing else. */
  private void follow(Set<String> wanted) {
    services.entrySet().removeIf(e -> {
      boolean over = !wanted.contains(e.getKey());
      if (over) {
        e.getValue().close();
      }
      return over;
    });
    for (String service : wanted) {
      services.computeIfAbsent(service, s -> new ServiceWatch(shared, s, keeper::hurry));
    }
  }

  /** Returns the nanoseconds until more may be told. */
  private long tell() {
    long now = shared.clock().nanos();
    long rest = toldAt + Rules.TELL_NANOS - now;
    if (rest > 0) {
      return rest;
    }
    if (watches.deliver(this::view)) {
      toldAt = now;
    }
    return Long.MAX_VALUE;
  }

  private @Nullable View view(String service) {
    ServiceWatch watch = services.get(service);
    return watch == null ? null : watch.view();
  }

  private String problems() {
    Set<String> words = new LinkedHashSet<>();
    long skipped = 0;
    for (ServiceWatch watch : services.values()) {
      words.add(watch.problem());
      skipped += watch.skipped();
    }
    words.remove("");
    if (skipped > 0) {
      words.add(skipped
          + (skipped == 1 ? " key" : " keys")
          + " of the watched services under "
          + shared.keys().root()
          + (skipped == 1 ? " is" : " are")
          + " skipped, not being liblink's");
    }
    return String.join("; ", words);
  }

  private LinkException closedFailure() {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri() + " was closed")
        .build();
  }
}
