package io.liblink.registry.consul;

import io.liblink.registry.Instance;
import io.liblink.registry.consul.Announcement.Action;
import io.liblink.registry.loop.RegistryLoop;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the agent told of what this node announces, on a thread of its own, so that nothing that
 * others do makes a heartbeat late. What is wanted comes to that thread through a queue, as answers
 * do.
 */
final class Announcements {
  /** The agent has this long for a heartbeat, and for anything else that is told to it. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Closing waits for the agent no longer than this. */
  private static final long CLOSE_MILLIS = 2000;

  /** Three beats fit into the time that the agent waits. */
  private static final int BEATS = 3;

  private static final byte[] NOTHING = new byte[0];
  private static final int PROBLEMS_SHOWN = 3;

  private final Settings settings;
  private final String cluster;
  private final Agent agent;
  private final JsonMapper json;
  private final TimeSource clock;
  private final DoubleSupplier random;
  private final Lateness lateness;
  private final RegistryLoop loop = new RegistryLoop("consul-beat", this::step);
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;
  private volatile String problem = "";

  // Only the thread of heartbeats touches these.
  private final Map<String, Announcement> all = new LinkedHashMap<>();
  private final Map<String, String> problems = new LinkedHashMap<>();
  private boolean ending;
  private int tokenChanges;

  Announcements(
      Settings settings,
      String cluster,
      Agent agent,
      JsonMapper json,
      TimeSource clock,
      DoubleSupplier random) {
    this.settings = settings;
    this.cluster = cluster;
    this.agent = agent;
    this.json = json;
    this.clock = clock;
    this.random = random;
    this.lateness = new Lateness(settings.uri(), settings.ttl().toNanos());
  }

  void start() {
    loop.start();
  }

  CompletionStage<Void> announce(Instance instance) {
    try {
      // What will never fit is refused here, before anything is replaced by it.
      MetaWriter.pairs(instance, cluster);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(refusal(String.valueOf(e.getMessage())));
    }
    return want(instance.service(), instance);
  }

  CompletionStage<Void> withdraw(String service) {
    return want(service, null);
  }

  private CompletionStage<Void> want(String service, @Nullable Instance instance) {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    if (closed) {
      stage.completeExceptionally(closedFailure(service));
      return stage;
    }
    inbox.add(() -> wanted(service, instance, stage));
    loop.wake();
    if (closed) {
      ended.whenComplete((v, t) -> stage.completeExceptionally(closedFailure(service)));
    }
    return stage;
  }

  private void wanted(String service, @Nullable Instance instance, CompletableFuture<Void> stage) {
    Announcement known = all.get(service);
    if (ending) {
      stage.completeExceptionally(closedFailure(service));
      return;
    }
    if (known == null) {
      if (instance == null) {
        stage.complete(null);
        return;
      }
      long now = clock.nanos();
      long beat = settings.ttl().toNanos() / BEATS;
      known = new Announcement(Registration.id(instance), beat, new Pace(random, now), now);
      all.put(service, known);
    }
    known.want(instance, stage, clock.nanos());
  }

  /** What keeps the agent from being told, or beats from being in time; empty when nothing does. */
  String problem() {
    return problem;
  }

  /**
   * Takes everything back, waits a little for that, and ends the thread. Idempotent.
   */
  void close() {
    if (!closed) {
      closed = true;
      inbox.add(() -> {
        ending = true;
        all.values().forEach(a -> a.want(null, new CompletableFuture<>(), clock.nanos()));
      });
    }
    loop.wake();
    try {
      ended.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The agent is away: it will forget the services for their silence.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    inbox.add(this::end);
    loop.wake();
  }

  private void end() {
    loop.stop();
    all.forEach((service, a) ->
        a.takeWaiting().forEach(s -> s.completeExceptionally(closedFailure(service))));
    all.clear();
    ended.complete(null);
  }

  // ---- the thread of heartbeats -------------------------------------------------------------

  private long step() {
    Runnable news;
    while ((news = inbox.poll()) != null) {
      news.run();
    }
    followToken();
    long wait = Long.MAX_VALUE;
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (var each = all.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<String, Announcement> e = each.next();
      Announcement a = e.getValue();
      Action next = a.next(clock.nanos());
      if (next != Action.NOTHING && next != Action.GONE) {
        act(e.getKey(), a, next);
      }
      done.addAll(a.settled());
      if (next == Action.GONE) {
        each.remove();
        problems.remove(e.getKey());
      }
      wait = Math.min(wait, a.untilNext(clock.nanos()));
    }
    summarize();
    if (ending && all.isEmpty()) {
      ended.complete(null);
    }
    done.forEach(stage -> stage.complete(null));
    return wait;
  }

  /** The agent tells the servers with the token of the announcement, which may be revoked by now. */
  private void followToken() {
    int changes = agent.tokenChanges();
    if (changes != tokenChanges) {
      tokenChanges = changes;
      all.values().forEach(Announcement::again);
    }
  }

  private void act(String service, Announcement a, Action action) {
    long now = clock.nanos();
    Instance sent = a.wanted();
    String word = a.word();
    if (action == Action.BEAT && !a.isFailing()) {
      lateness.beat(a.late(now), now);
    }
    a.begun(action);
    request(a, action, sent, word).whenComplete((reply, failure) -> {
      inbox.add(() -> heard(service, a, action, sent, word, reply, failure));
      loop.wake();
    });
  }

  private CompletableFuture<Reply> request(
      Announcement a, Action action, @Nullable Instance sent, String word) {
    String id = a.id();
    return switch (action) {
      case REGISTER ->
        agent.put(
            "/v1/agent/service/register",
            sent == null
                ? NOTHING
                : Registration.of(sent, settings, cluster, json).body(),
            PATIENCE);
      case READINESS ->
        agent.put(
            (word.equals(Registration.READY) ? "/v1/agent/check/pass/" : "/v1/agent/check/fail/")
                + Registration.readyId(id)
                + "?note="
                + word.replace(" ", "%20"),
            NOTHING,
            PATIENCE);
      case BEAT ->
        agent.put(
            "/v1/agent/check/pass/" + Registration.beatId(id) + "?note=" + Registration.ALIVE,
            NOTHING,
            PATIENCE);
      case LOOK -> agent.get("/v1/agent/health/service/id/" + id + "?format=json", PATIENCE);
      default -> agent.put("/v1/agent/service/deregister/" + id, NOTHING, PATIENCE);
    };
  }

  private void heard(
      String service,
      Announcement a,
      Action action,
      @Nullable Instance sent,
      String word,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    long now = clock.nanos();
    if (reply == null) {
      problems.put(service, agent.words(failure));
      a.failed(action, now);
      return;
    }
    boolean unknown = isUnknown(reply);
    boolean seen = action == Action.LOOK && (reply.status() == 429 || reply.status() == 503);
    if (unknown && action != Action.REGISTER) {
      problems.remove(service);
      a.lost(now);
    } else if (reply.isOk() || (seen && isJson(reply))) {
      problems.remove(service);
      taken(a, action, sent, word, reply, now);
    } else if (action == Action.REGISTER && (reply.status() == 400 || reply.status() == 413)) {
      refused(service, a, reply, now);
    } else {
      problems.put(service, reply.problem());
      a.failed(action, now);
    }
  }

  /** The agent was started anew or wiped: it has no such service or check. */
  private static boolean isUnknown(Reply reply) {
    return reply.status() == 404
        || (reply.status() >= 500
            && (reply.words().contains("does not have associated TTL")
                || reply.words().contains("nknown check")
                || reply.words().contains("nknown service")));
  }

  private static boolean isJson(Reply reply) {
    return reply.body().length > 0 && reply.body()[0] == '{';
  }

  private void taken(
      Announcement a, Action action, @Nullable Instance sent, String word, Reply reply, long now) {
    switch (action) {
      case REGISTER -> {
        if (sent != null) {
          a.registered(sent, now);
        }
      }
      case READINESS -> a.said(word, now);
      case BEAT -> a.beaten(now);
      case LOOK -> {
        Instance wanted = a.wanted();
        switch (wanted == null ? Held.SAME : Held.compare(reply, wanted, cluster, word, json)) {
          case SAME -> a.found(now);
          case OTHER_WORD -> a.misheard(now);
          case OTHER -> a.lost(now);
        }
      }
      default -> a.lost(now);
    }
  }

  private void refused(String service, Announcement a, Reply reply, long now) {
    String text = "service '" + service + "' is not announced: Consul refuses it: " + reply.words();
    List<CompletableFuture<Void>> stages = a.takeWaiting();
    a.lost(now);
    a.want(null, new CompletableFuture<>(), now);
    stages.forEach(s -> s.completeExceptionally(refusal(text)));
  }

  private void summarize() {
    Set<String> distinct = new LinkedHashSet<>();
    problems.forEach((service, why) -> distinct.add("announcing '" + service + "': " + why));
    String text = String.join("; ", distinct.stream().limit(PROBLEMS_SHOWN).toList());
    int more = distinct.size() - PROBLEMS_SHOWN;
    String late = lateness.problem(clock.nanos());
    problem = text
        + (more > 0 ? "; and " + more + " more" : "")
        + (text.isEmpty() || late.isEmpty() ? "" : "; ")
        + late;
  }

  private static LinkException refusal(String text) {
    return LinkException.failure(Status.INVALID_ARGUMENT, Stage.DISCOVER, text).build();
  }

  private static LinkException closedFailure(String service) {
    return LinkException.failure(
            Status.UNAVAILABLE,
            Stage.DISCOVER,
            "the registry was closed before service '" + service + "' was announced or withdrawn")
        .build();
  }
}
