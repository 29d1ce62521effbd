package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.View;
import io.liblink.registry.etcd.Entries.Entry;
import io.liblink.registry.etcd.EtcdException.Kind;
import io.liblink.registry.quarantine.Quarantine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One watched service: read all keys at a revision, watch from the next one on, and compare now and
 * then, since a watch that died without a word looks like one with nothing to say. What fails is
 * tried again with another member, from where it stopped; what can't be gone on from is read anew.
 *
 * <p>Used by the registry's thread only; answers come back to it. {@link #turn} counts beginnings,
 * so that answers to what was given up since are passed over.
 */
final class ServiceWatch {
  private enum Phase {
    /** Waiting for {@link #dueNanos}. */
    RESTING,
    /** Reading all keys. */
    READING,
    /** Waiting for etcd to say that the watch is there. */
    OPENING,
    /** Watching, and comparing at {@link #dueNanos}. */
    OPEN,
    /** Watching, and waiting for the answer to a comparison. */
    COMPARING
  }

  private static final int MOST_MISMATCHES = 4;

  /** Pages that turn out too large are so much smaller from then on. */
  private static final int PAGE_SHRINKS = 8;

  private final Shared shared;
  private final String service;
  private final String prefix;
  private final Runnable lost;
  private final Picture picture;
  private final Quarantine quarantine;
  private final Backoff backoff;
  private final long begunNanos;
  private Phase phase = Phase.RESTING;
  private int turn;
  private long dueNanos;
  private @Nullable Address member;
  private Gateway.@Nullable Stream stream;
  private int page = Rules.PAGE;
  private int mismatches;
  private long mismatchedAt;
  private long confirmedNanos;
  private String problem = "";
  private @Nullable View view;

  /**
   * Begins with the next step.
   *
   * @param lost run when etcd turns out to have lost its data
   */
  ServiceWatch(Shared shared, String service, Runnable lost) {
    this.shared = shared;
    this.service = service;
    this.prefix = shared.keys().service(service);
    this.lost = lost;
    this.picture =
        new Picture(shared.entries(), service, Rules.grace(shared.settings().ttl()));
    this.quarantine = new Quarantine(Rules.keep(shared.settings().ttl()));
    this.backoff = new Backoff(shared.random());
    this.begunNanos = shared.clock().nanos();
    this.dueNanos = begunNanos;
    this.confirmedNanos = shared.time().nanos();
  }

  /** What is known now; null as long as it is worth waiting for the first answer. */
  @Nullable
  View view() {
    return view;
  }

  /** What is wrong; empty when nothing is. */
  String problem() {
    String bound = picture.bound();
    return problem.isEmpty() ? bound : problem;
  }

  /** How many keys are there that are no instances. */
  long skipped() {
    return picture.strangers();
  }

  /** It could not be reached: it is not kept on the word of a registry that has lost it. */
  void suspect(NodeId id) {
    boolean kept = quarantine.kept().stream().anyMatch(i -> i.id().equals(id));
    if (picture.forget(id) || kept) {
      quarantine.forget(id);
      show();
    }
  }

  /**
   * Does what is due.
   *
   * @return the nanoseconds until something is due again
   */
  long step() {
    long now = shared.clock().nanos();
    if (now - dueNanos >= 0) {
      switch (phase) {
        case RESTING -> begin();
        case OPENING ->
          failed(new EtcdException(
              Kind.MEMBER, "etcd at " + member + " takes connections and does not answer"));
        case OPEN -> compare();
        case READING, COMPARING -> dueNanos = now + Rules.MOST_CHECK_NANOS; // their answer comes
      }
    }
    long judgeIn = Math.min(quarantine.untilChange(now), picture.untilChange(now));
    if (judgeIn == 0 || (view == null && !problem.isEmpty())) {
      show();
    }
    long wait = Math.min(judgeIn, dueNanos - now);
    return view == null ? Math.min(wait, Rules.PATIENCE.toNanos()) : wait;
  }

  /** Ends it. */
  void close() {
    end();
    phase = Phase.RESTING;
    dueNanos = Long.MAX_VALUE / 2 + shared.clock().nanos();
  }

  private void begin() {
    end();
    member = shared.members().now();
    if (picture.isWhole()) {
      open();
    } else {
      phase = Phase.READING;
      dueNanos = shared.clock().nanos() + Rules.MOST_CHECK_NANOS;
      read(new LinkedHashMap<>(), prefix, 0);
    }
  }

  /** Gives up whatever is under way. */
  private void end() {
    turn++;
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  // ---- reading ------------------------------------------------------------------------------

  private void read(Map<String, Entry> all, String from, long revision) {
    ask(
        "kv/range",
        Requests.page(prefix, from, revision, page),
        true,
        answer -> page(all, from, revision, answer));
  }

  private void page(Map<String, Entry> all, String from, long asOf, JsonNode answer) {
    long revision = asOf != 0 ? asOf : Json.number(answer.path("header"), "revision");
    for (JsonNode kv : answer.path("kvs")) {
      Entry entry = shared.entries().read(service, kv);
      all.put(entry.key(), entry);
    }
    String next;
    try {
      next = Requests.next(answer, from);
    } catch (EtcdException e) {
      failed(e);
      return;
    }
    if (next != null && all.size() < Rules.MOST_KEYS) {
      read(all, next, revision);
      return;
    }
    if (picture.revision() > revision) {
      // A range sees whatever was seen before, unless it is gone.
      shared.trouble().seen();
      lost.run();
    }
    // With each page, etcd counts what is from there on.
    long left =
        next == null ? 0 : Json.number(answer, "count") - answer.path("kvs").size();
    picture.replace(all, revision, left, shared.clock().nanos());
    show();
    open();
  }

  // ---- watching -----------------------------------------------------------------------------

  private void open() {
    Address from = at();
    int asked = turn;
    phase = Phase.OPENING;
    dueNanos = shared.clock().nanos() + Rules.PATIENCE.toNanos();
    stream = shared.gateway().stream(
        from, "watch", Requests.watch(prefix, picture.revision() + 1), new Gateway.Sink() {
          @Override
          public void lines(List<byte[]> lines, Runnable more) {
            shared.loop().execute(() -> {
              if (asked == turn) {
                heard(lines);
              }
              more.run();
            });
          }

          @Override
          public void ended(EtcdException why) {
            shared.loop().execute(() -> {
              if (asked == turn) {
                failed(why);
              }
            });
          }
        });
  }

  private void heard(List<byte[]> lines) {
    int asked = turn;
    for (byte[] line : lines) {
      JsonNode node = Json.object(line);
      if (node == null) {
        failed(new EtcdException(
            Kind.MEMBER,
            "what answers at " + member + " does not speak as etcd does: is it etcd?"));
      } else if (node.has("error")) {
        failed(Replies.error(at(), node.path("error")));
      } else {
        heard(node.path("result"));
      }
      if (asked != turn) {
        return; // it was given up; the rest belongs to it
      }
    }
    show();
  }

  private void heard(JsonNode result) {
    if (Json.isTrue(result, "canceled")) {
      cancelled(result);
      return;
    }
    JsonNode events = result.path("events");
    if (Json.isTrue(result, "created")) {
      // Who opens where data was lost would wait for revisions to come: compared at once.
      phase = Phase.OPEN;
      dueNanos = shared.clock().nanos();
    } else if (events.isEmpty()) {
      picture.reached(Json.number(result.path("header"), "revision")); // a note of progress
    }
    long last = 0;
    for (JsonNode event : events) {
      picture.apply(event, shared.clock().nanos());
      last = Math.max(last, Json.number(event.path("kv"), "mod_revision"));
    }
    picture.reached(last);
  }

  private void cancelled(JsonNode result) {
    if (Json.number(result, "compact_revision") > 0) {
      readAnew();
      return;
    }
    EtcdException why = Replies.cancelled(at(), Json.text(result, "cancel_reason"));
    if (why.kind() == Kind.TOKEN && stream != null) {
      stream.tokenRefused();
    }
    failed(why);
  }

  // ---- comparing ----------------------------------------------------------------------------

  private void compare() {
    phase = Phase.COMPARING;
    dueNanos = shared.clock().nanos() + Rules.MOST_CHECK_NANOS;
    ask("kv/range", Requests.newest(prefix), false, this::compared);
  }

  private void compared(JsonNode newest) {
    phase = Phase.OPEN;
    long now = shared.clock().nanos();
    if (picture.isConfirmedBy(newest)) {
      mismatches = 0;
      backoff.succeeded();
      problem = "";
      confirmedNanos = shared.time().nanos();
      dueNanos = now
          + backoff.vary(Math.min(
              Rules.MOST_CHECK_NANOS,
              Rules.checkNanos(shared.settings().ttl())
                  + picture.size() * Rules.CHECK_NANOS_PER_KEY));
      show();
      return;
    }
    long revision = Json.number(newest.path("header"), "revision");
    boolean lostData = revision < picture.revision();
    boolean silent = mismatches > 0 && picture.revision() < mismatchedAt;
    if (lostData || silent || mismatches >= MOST_MISMATCHES) {
      readAnew();
    } else {
      // The watch may be on its way: events and answers have no order between them.
      if (mismatches++ == 0) {
        mismatchedAt = revision;
      }
      dueNanos = now + Rules.AGAIN_NANOS;
    }
  }

  /** The watch can't be gone on from. Not all who watch come back at the same moment. */
  private void readAnew() {
    end();
    mismatches = 0;
    picture.distrust();
    phase = Phase.RESTING;
    dueNanos = shared.clock().nanos() + backoff.failed();
  }

  // ---- failing ------------------------------------------------------------------------------

  private void ask(String path, Map<String, ?> body, boolean large, Consumer<JsonNode> then) {
    int asked = turn;
    CompletableFuture<JsonNode> answer =
        shared.gateway().ask(at(), path, body, large ? Rules.PATIENCE_FOR_PAGES : Rules.PATIENCE);
    answer.whenComplete((node, failure) -> shared.loop().execute(() -> {
      if (asked != turn) {
        return;
      }
      if (failure == null) {
        then.accept(node);
      } else {
        failed(Replies.failure(at(), failure));
      }
    }));
  }

  private Address at() {
    Address at = member;
    return at == null ? shared.members().now() : at;
  }

  private void failed(EtcdException why) {
    end();
    mismatches = 0;
    // That a token is over is no trouble, unless new ones are not taken either.
    boolean harmless = why.kind() == Kind.TOKEN && backoff.failures() < 2;
    if (why.kind() == Kind.REVISION) {
      picture.distrust();
    } else if (why.kind() == Kind.TOO_LARGE && page > 1) {
      picture.distrust();
      page = Math.max(1, page / PAGE_SHRINKS);
    } else if (!harmless) {
      problem = why.words();
      shared.trouble().seen();
      if (why.kind() == Kind.MEMBER) {
        shared.members().failed(at());
      }
    }
    phase = Phase.RESTING;
    dueNanos = shared.clock().nanos() + backoff.failed();
    show();
  }

  // ---- showing ------------------------------------------------------------------------------

  private void show() {
    long now = shared.clock().nanos();
    if (!picture.isWhole() && view == null) {
      // Down since the start: who waits for a first view is told why there is none, after a while.
      if (!problem.isEmpty() && now - begunNanos >= Rules.PATIENCE.toNanos()) {
        view = new View(List.of(), confirmedNanos, problem);
      }
      return;
    }
    var instances =
        quarantine.judge(picture.instances(now), Set.of(), shared.trouble().isRecent(), now);
    String kept = quarantine.problem();
    String words = problem.isEmpty() ? kept : kept.isEmpty() ? problem : problem + "; " + kept;
    view = new View(instances, confirmedNanos, words, picture.skipped());
  }
}
