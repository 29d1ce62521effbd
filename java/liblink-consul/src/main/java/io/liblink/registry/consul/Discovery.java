package io.liblink.registry.consul;

import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Everything that is asked of Consul for those who watch: one blocking query for each service and
 * datacenter, however many listen, and the pulse of each datacenter. Used by the registry's thread
 * only; answers come to it through {@code inbox}.
 */
final class Discovery {
  /**
   * Blocking queries under way, at most: each takes a connection, and agents allow 200 to one host by
   * default, which may have several nodes. When there are more to ask they take turns.
   */
  static final int MOST_UNDER_WAY = 64;

  /** How long a query blocks, or up to a fifth less. */
  static final Duration WAIT = Duration.ofSeconds(60);

  /** How long when they take turns. */
  static final Duration TURN = Duration.ofSeconds(2);

  private static final int PROBLEMS_SHOWN = 3;

  private final Settings settings;
  private final String cluster;
  private final Agent agent;
  private final HealthReader reader;
  private final TimeSource clock;
  private final DoubleSupplier random;
  private final Consumer<Runnable> inbox;
  private final Map<String, WatchedService> services = new LinkedHashMap<>();
  private final Map<String, Datacenter> datacenters = new LinkedHashMap<>();

  /** What is to be left out of a service that is watched, or will be; bounded by what nodes watch. */
  private final Map<String, Cut> cuts = new HashMap<>();

  private int underWay;

  Discovery(
      Settings settings,
      String cluster,
      Agent agent,
      HealthReader reader,
      TimeSource clock,
      DoubleSupplier random,
      Consumer<Runnable> inbox) {
    this.settings = settings;
    this.cluster = cluster;
    this.agent = agent;
    this.reader = reader;
    this.clock = clock;
    this.random = random;
    this.inbox = inbox;
  }

  /**
   * Asks what is to be asked.
   *
   * @param wanted the services that somebody watches
   * @return the nanoseconds until there is something to do
   */
  long step(Set<String> wanted) {
    long now = clock.nanos();
    follow(wanted, now);
    long wait = Long.MAX_VALUE;
    for (Datacenter d : datacenters.values()) {
      if (d.isDue(now)) {
        feel(d, now);
      }
      wait = Math.min(wait, d.untilDue(now));
    }
    return Math.min(wait, Math.min(ask(now), judge(now)));
  }

  private void follow(Set<String> wanted, long now) {
    for (Iterator<Map.Entry<String, WatchedService>> all = services.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, WatchedService> e = all.next();
      if (!wanted.contains(e.getKey())) {
        e.getValue().queries().forEach(Query::cancel);
        all.remove();
        cuts.remove(e.getKey());
      }
    }
    if (wanted.isEmpty()) {
      datacenters.values().forEach(Datacenter::close);
      datacenters.clear();
      return;
    }
    for (String dc : settings.allDatacenters()) {
      datacenters.computeIfAbsent(dc, k -> new Datacenter(k, pace(now), now));
    }
    for (String name : wanted) {
      services.computeIfAbsent(name, k -> watched(k, now));
    }
  }

  private WatchedService watched(String name, long now) {
    List<Query> queries = new ArrayList<>();
    for (Datacenter d : datacenters.values()) {
      queries.add(new Query(name, cuts.getOrDefault(name, Cut.none(cluster)), d, pace(now), now));
    }
    return new WatchedService(queries, settings);
  }

  private Pace pace(long now) {
    return new Pace(random, now);
  }

  // ---- the pulse ----------------------------------------------------------------------------

  private void feel(Datacenter d, long now) {
    CompletableFuture<Reply> question =
        agent.get(d.path(), Duration.ofNanos(Datacenter.TIMEOUT_NANOS));
    d.asked(question, now);
    question.whenComplete((reply, failure) -> inbox.accept(() -> felt(d, reply, failure)));
  }

  private void felt(Datacenter d, @Nullable Reply reply, @Nullable Throwable failure) {
    if (datacenters.get(d.name()) != d) {
      return;
    }
    long now = clock.nanos();
    String before = d.problem();
    boolean recovered = d.answered(reply, failure == null ? "" : agent.words(failure), now);
    for (WatchedService s : services.values()) {
      for (Query q : s.queries()) {
        if (q.datacenter() != d) {
          continue;
        }
        if (recovered) {
          q.again(now);
        }
        if (d.problem().isEmpty()) {
          q.confirm(now);
        }
        if (!d.problem().equals(before)) {
          s.touch();
        }
      }
    }
  }

  // ---- the queries --------------------------------------------------------------------------

  private long ask(long now) {
    List<Query> all = new ArrayList<>();
    underWay = 0;
    for (WatchedService s : services.values()) {
      for (Query q : s.queries()) {
        if (q.isUnderWay()) {
          underWay++;
        } else {
          all.add(q);
        }
      }
    }
    boolean turns = underWay + all.size() > MOST_UNDER_WAY;
    if (turns) {
      all.sort(Comparator.comparingLong(q -> q.dueAt() - now)); // who waits for longest is first
    }
    long wait = Long.MAX_VALUE;
    for (Query q : all) {
      if (q.dueAt() - now > 0) {
        wait = Math.min(wait, q.dueAt() - now);
      } else if (underWay < MOST_UNDER_WAY) {
        ask(q, turns);
        underWay++;
      }
    }
    return wait;
  }

  private void ask(Query q, boolean turns) {
    Duration wait =
        turns ? TURN : Duration.ofMillis((long) (WAIT.toMillis() * (1 - random.getAsDouble() / 5)));
    CompletableFuture<Reply> question = agent.get(q.path(wait), q.timeout(wait));
    long number = q.asked(question);
    question.whenComplete((reply, failure) -> {
      long began = clock.nanos();
      Health found = null;
      String why = "";
      if (reply == null) {
        why = agent.words(failure);
      } else if (!reply.isOk()) {
        why = reply.problem();
      } else {
        try {
          found = reader.read(q.service(), reply.body());
        } catch (RuntimeException e) {
          String reason = e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage();
          why = "the agent's answer can't be read: " + Printable.line(String.valueOf(reason), 200);
        }
      }
      Answer answer = new Answer(q, number, reply, found, why, clock.nanos() - began);
      inbox.accept(() -> heard(answer));
    });
  }

  private record Answer(
      Query query,
      long number,
      @Nullable Reply reply,
      @Nullable Health health,
      String why,
      long digestNanos) {}

  private void heard(Answer a) {
    Query q = a.query();
    WatchedService service = services.get(q.service());
    if (service == null || !service.queries().contains(q) || !q.expects(a.number())) {
      return;
    }
    long now = clock.nanos();
    if (a.reply() != null && a.health() != null) {
      q.answered(a.reply(), a.health(), a.digestNanos(), now);
    } else if (a.reply() != null && a.reply().status() == 400 && cuts.containsKey(q.service())) {
      cut(q.service(), Cut.none(cluster)); // a Consul that does not know of an operator
    } else {
      boolean trouble = a.reply() == null || a.reply().status() >= 500;
      q.failed(a.why(), trouble, now);
    }
    service.touch();
  }

  // ---- what is made of it -------------------------------------------------------------------

  private long judge(long now) {
    long wait = Long.MAX_VALUE;
    for (WatchedService s : services.values()) {
      for (Query q : s.queries()) {
        if (q.untilJudgement(now) <= 0) {
          q.judge(now);
          s.touch();
        }
        wait = Math.min(wait, q.untilJudgement(now));
      }
    }
    return wait;
  }

  /** Instances that none of the filters selects may be left out from now on. */
  void narrow(String name, List<Filter> anyOf) {
    cut(name, Cut.of(cluster, anyOf));
  }

  private void cut(String name, Cut cut) {
    if (cut.onlyFor().isEmpty()) {
      cuts.remove(name);
    } else {
      cuts.put(name, cut);
    }
    WatchedService service = services.get(name);
    if (service != null) {
      service.queries().forEach(q -> q.cut(cut, clock.nanos()));
    }
  }

  void refused(Instance instance) {
    WatchedService service = services.get(instance.service());
    if (service == null) {
      return;
    }
    for (Query q : service.queries()) {
      if (q.refused(instance.id(), clock.nanos())) {
        service.touch();
      }
    }
  }

  /** The view of a service, by the node's clock; null while it is not known. */
  @Nullable
  View view(String name, long age) {
    WatchedService service = services.get(name);
    return service == null ? null : service.view(clock.nanos(), age);
  }

  /** What is wrong now, in words: of the datacenters first, then of single services. */
  String problem() {
    Set<String> all = new LinkedHashSet<>();
    for (WatchedService s : services.values()) {
      for (Query q : s.queries()) {
        if (!q.problem().isEmpty()) {
          all.add(q.problem());
        } else if (q.isFiltered()) {
          all.add("the token may not see all of service '" + q.service() + "'");
        }
      }
    }
    String text = String.join("; ", all.stream().limit(PROBLEMS_SHOWN).toList());
    int more = all.size() - PROBLEMS_SHOWN;
    return more > 0 ? text + "; and " + more + " more" : text;
  }

  void close() {
    services.values().forEach(s -> s.queries().forEach(Query::cancel));
    datacenters.values().forEach(Datacenter::close);
  }
}
