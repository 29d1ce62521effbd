package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.etcd.Announcements.Wish;
import io.liblink.registry.etcd.EtcdException.Kind;
import io.liblink.registry.loop.RegistryLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * Keeps what this node announces in etcd: one lease for the node, one key for each service. It beats
 * on a thread of its own, so that neither work nor listeners delay it, and takes a new lease and
 * writes everything again when the lease is gone or somebody removed a key.
 *
 * <p>That thread waits for each answer, for {@link Rules#PATIENCE} at most, and only it touches the
 * fields below. {@link #announcements} and {@link #hurry} are for any thread.
 */
final class LeaseKeeper {
  private static final System.Logger LOG = System.getLogger(LeaseKeeper.class.getName());

  private final Shared shared;
  private final Blocking etcd;
  private final OwnKeys keys;
  private final Announcements announcements = new Announcements();
  private final RegistryLoop loop = new RegistryLoop("etcd-lease", this::step);
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final Backoff backoff;
  private volatile boolean closing;
  private volatile boolean hurried;
  private volatile String problem = "";

  /** 0 when there is none. */
  private long lease;

  private long beatNanos;
  private long nextBeat;
  private int beats;
  private long retryAt;
  private boolean failing;

  LeaseKeeper(Shared shared, NodeId id) {
    this.shared = shared;
    this.etcd = new Blocking(shared.gateway(), shared.members());
    this.keys = new OwnKeys(shared, etcd, id);
    this.backoff = new Backoff(shared.random());
  }

  void start() {
    loop.start();
  }

  Announcements announcements() {
    return announcements;
  }

  /** Something changed, or may have: it is looked after now. */
  void wake() {
    loop.wake();
  }

  /** Etcd seems to have lost its data, so the lease is asked about now. */
  void hurry() {
    hurried = true;
    loop.wake();
  }

  /** What keeps the announcements from being in etcd; empty when nothing does. */
  String problem() {
    return problem;
  }

  /** Takes everything back, waiting a little for it. Idempotent. */
  void close() {
    announcements.close();
    closing = true;
    loop.wake();
    try {
      left.get(Rules.CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "etcd was not told that this node leaves; its entries vanish by themselves within {0} s",
          shared.settings().ttl().toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.stop();
  }

  private long step() {
    if (closing) {
      leave();
      return Long.MAX_VALUE;
    }
    long now = shared.clock().nanos();
    if (failing && now - retryAt < 0) {
      return retryAt - now;
    }
    try {
      long wait = work();
      failing = false;
      backoff.succeeded();
      problem = "";
      return wait;
    } catch (EtcdException e) {
      return failed(e);
    }
  }

  private long failed(EtcdException e) {
    // Only a lease that vanished is no trouble to wait for.
    if (e.kind() == Kind.NOT_FOUND) {
      lostLease();
    } else {
      problem = e.words();
    }
    shared.trouble().seen();
    failing = true;
    long wait = backoff.failed();
    retryAt = shared.clock().nanos() + wait;
    return wait;
  }

  private void lostLease() {
    lease = 0;
    keys.gone();
  }

  /** Brings etcd to what is wanted; returns the nanoseconds until there is more to do. */
  private long work() throws EtcdException {
    List<Wish> wishes = announcements.all();
    if (wishes.isEmpty()) {
      if (lease != 0) {
        revoke(Rules.PATIENCE);
        lostLease();
      }
      return Long.MAX_VALUE;
    }
    if (lease != 0 && (hurried || shared.clock().nanos() - nextBeat >= 0)) {
      beat();
    }
    if (lease == 0) {
      grant();
    }
    long wait = Math.max(0, nextBeat - shared.clock().nanos());
    for (Wish wish : wishes) {
      wait = Math.min(wait, fulfil(wish));
    }
    return wait;
  }

  private void grant() throws EtcdException {
    hurried = false;
    JsonNode answer = etcd.ask(
        "lease/grant", Requests.grant(shared.settings().ttl().toSeconds()), Rules.PATIENCE);
    long id = Json.number(answer, "ID");
    long seconds = Json.number(answer, "TTL");
    if (id == 0 || seconds <= 0) {
      throw new EtcdException(
          Kind.MEMBER,
          "what answers at " + shared.members().now() + " granted no lease: is it etcd?");
    }
    lostLease();
    lease = id;
    beats = 0;
    // The server may have raised it; to beat sooner than it needs does no harm.
    beatNanos =
        Math.min(Duration.ofSeconds(seconds).toNanos(), shared.settings().ttl().toNanos())
            / Rules.BEATS;
    nextBeat = shared.clock().nanos() + beatNanos;
  }

  private void beat() throws EtcdException {
    long due = nextBeat;
    boolean asked = hurried;
    hurried = false;
    JsonNode answer = etcd.ask("lease/keepalive", Requests.lease(lease), Rules.PATIENCE);
    if (answer.has("error")) {
      throw Replies.error(shared.members().now(), answer.path("error"));
    }
    long now = shared.clock().nanos();
    if (Json.number(answer.path("result"), "TTL") <= 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "the lease of this node in etcd is gone"
              + (now - due > beatNanos
                  ? ", its beat was " + (now - due) / 1_000_000 + " ms late"
                  : asked ? ": etcd has lost its data" : "")
              + "; announcing again");
      shared.trouble().seen();
      lostLease();
      return;
    }
    // Earlier than needed by up to a fifth, never later: nodes that started together drift apart.
    nextBeat = now + (long) (beatNanos * (1 - Rules.JITTER * shared.random().getAsDouble()));
    if ((++beats % Rules.VERIFY_EVERY == 0 || asked) && !keys.verify()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "somebody removed or changed the keys of this node in etcd; writing them again");
    }
  }

  /**
   * Does one wish. Returns the nanoseconds until there is more to do for it: at once after a removal,
   * which may have been the last.
   */
  private long fulfil(Wish wish) throws EtcdException {
    OwnKeys.Written before = keys.of(wish.service());
    Instance instance = wish.instance();
    if (before != null && instance != null && before.has(instance)) {
      announcements.fulfilled(wish);
      return Long.MAX_VALUE;
    }
    long now = shared.clock().nanos();
    if (before != null && before.sure() && now - before.atNanos() < Rules.WRITE_NANOS) {
      return before.atNanos() + Rules.WRITE_NANOS - now;
    }
    if (instance == null) {
      keys.remove(wish.service(), lease);
      announcements.fulfilled(wish);
      return 0;
    }
    byte[] value = shared.entries().write(instance);
    if (value.length > Rules.MOST_VALUE_BYTES) {
      refuse(wish, value.length);
      return 0;
    }
    keys.put(instance, value, lease);
    announcements.fulfilled(wish);
    return Long.MAX_VALUE;
  }

  private void refuse(Wish wish, int bytes) {
    String text = "service '"
        + wish.service()
        + "' is not announced: its entry would have "
        + bytes
        + " bytes, and readers take at most "
        + Rules.MOST_VALUE_BYTES
        + ": give it less metadata or fewer endpoints";
    LOG.log(System.Logger.Level.WARNING, text);
    announcements.refused(wish, text);
  }

  /** The last thing that this thread does. */
  private void leave() {
    if (left.isDone()) {
      return;
    }
    Duration patience = Rules.CLOSE.dividedBy(3);
    for (int tries = 0; lease != 0 && tries < 2; tries++) {
      try {
        keys.goodbye(lease, patience);
        revoke(patience);
        lease = 0;
      } catch (EtcdException e) {
        problem = e.words();
      }
    }
    if (lease == 0) {
      left.complete(null);
    } else {
      left.completeExceptionally(new IllegalStateException(problem));
    }
  }

  private void revoke(Duration patience) throws EtcdException {
    try {
      etcd.ask("lease/revoke", Requests.lease(lease), patience);
    } catch (EtcdException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }
}
