package io.liblink.registry.consul;

import io.liblink.message.Names;
import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.View;
import io.liblink.registry.loop.ProblemLog;
import io.liblink.registry.loop.RegistryLoop;
import io.liblink.registry.loop.Watches;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The registry of a Consul agent. One thread keeps heartbeats ({@link Announcements}), one keeps views
 * ({@link Discovery}) and tells listeners; requests block neither.
 *
 * <p>All waits go by the machine's clock and not by the node's, because the agent knows no other;
 * only the time in views is the node's.
 */
final class ConsulRegistry implements Registry {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Settings settings;
  private final Context context;
  private final String cluster;
  private final TimeSource clock = TimeSource.system();
  private final JsonMapper json = JsonMapper.builder().build();
  private final Agent agent;
  private final Announcements announcements;
  private final Discovery discovery;
  private final ProblemLog log;
  private final RegistryLoop loop = new RegistryLoop("consul", this::step);
  private final Watches watches = new Watches(loop::wake);
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private volatile String discoveryProblem = "";

  private ConsulRegistry(Settings settings, Context context) {
    this.settings = settings;
    this.context = context;
    this.cluster = Names.cluster(context.cluster());
    this.agent = new Agent(settings, clock);
    this.announcements = new Announcements(
        settings, cluster, agent, json, clock, () -> ThreadLocalRandom.current().nextDouble());
    SplittableRandom random = new SplittableRandom(context.id().low());
    this.discovery = new Discovery(
        settings,
        cluster,
        agent,
        new HealthReader(cluster, json),
        clock,
        random::nextDouble,
        this::receive);
    this.log = new ProblemLog(settings.uri(), clock);
  }

  /**
   * Opens it; nothing is asked of the agent yet.
   *
   * @throws IllegalArgumentException when the URI, the token or a file of TLS is wrong
   */
  static Registry open(String uri, Context context) {
    return open(
        uri,
        name -> {
          String value = System.getenv(name);
          return value == null ? "" : value;
        },
        context);
  }

  static ConsulRegistry open(String uri, UnaryOperator<String> env, Context context) {
    ConsulRegistry registry = new ConsulRegistry(ConsulUri.parse(uri, env), context);
    registry.announcements.start();
    registry.loop.start();
    return registry;
  }

  @Override
  public String uri() {
    return settings.uri();
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
    return announcements.announce(instance);
  }

  @Override
  public CompletionStage<Void> withdraw(String service) {
    return announcements.withdraw(service);
  }

  @Override
  public Watch watch(String service, Consumer<View> listener) {
    if (closed) {
      throw new IllegalStateException("the registry " + uri() + " is closed");
    }
    Watch watch = watches.add(Names.service(service), listener);
    return () -> {
      watch.close();
      loop.wake(); // the query of the last listener is to end
    };
  }

  @Override
  public void narrow(String service, List<Filter> anyOf) {
    receive(() -> discovery.narrow(service, anyOf));
  }

  @Override
  public void suspect(Instance instance) {
    receive(() -> discovery.refused(instance));
  }

  @Override
  public CompletionStage<Set<String>> services() {
    CompletableFuture<Set<String>> all = CompletableFuture.completedFuture(Set.of());
    for (String dc : settings.allDatacenters()) {
      String path = "/v1/catalog/services" + (dc.isEmpty() ? "" : "?dc=" + dc);
      all = all.thenCombine(agent.get(path, PATIENCE), (names, reply) -> {
        Set<String> more = new TreeSet<>(names);
        more.addAll(names(reply));
        return more;
      });
    }
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    all.whenComplete((names, t) -> {
      if (names != null) {
        answer.complete(names);
      } else {
        answer.completeExceptionally(linkException(t));
      }
    });
    return answer;
  }

  private Set<String> names(Reply reply) {
    if (!reply.isOk()) {
      throw failure(reply.problem());
    }
    Set<String> names = new TreeSet<>();
    String tag = Meta.tag(cluster);
    for (var service : json.readTree(reply.body()).properties()) {
      for (JsonNode its : service.getValue()) {
        if (its.asString("").equals(tag)) {
          names.add(service.getKey());
        }
      }
    }
    return names;
  }

  private LinkException linkException(@Nullable Throwable t) {
    if (closed) {
      return closedFailure();
    }
    Throwable cause = t;
    while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof LinkException e ? e : failure(agent.words(t));
  }

  private LinkException failure(String why) {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri() + ": " + why)
        .build();
  }

  private LinkException closedFailure() {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri() + " was closed")
        .build();
  }

  @Override
  public Duration staleness() {
    return settings.ttl().plusNanos(Datacenter.TIMEOUT_NANOS + 2 * Pace.INTERVAL_NANOS);
  }

  @Override
  public String problem() {
    String a = announcements.problem();
    String d = discoveryProblem;
    return a.isEmpty() || d.isEmpty() ? a + d : a + "; " + d;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watches.close();
    loop.wake();
    announcements.close();
    agent.close();
  }

  private void receive(Runnable news) {
    inbox.add(news);
    loop.wake();
  }

  private long step() {
    Runnable news;
    while ((news = inbox.poll()) != null) {
      news.run();
    }
    if (closed) {
      discovery.close();
      loop.stop();
      return Long.MAX_VALUE;
    }
    long wait = discovery.step(watches.services());
    discoveryProblem = discovery.problem();
    long age = context.time().nanos() - clock.nanos();
    watches.deliver(service -> discovery.view(service, age));
    log.now(problem());
    return wait;
  }
}
