package io.liblink.cluster;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import io.liblink.transport.Link;
import io.liblink.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Another run of a node, and the links to it. Whoever wants one while it is being dialed waits for the
 * same attempt. After a failed attempt the next comes after a back-off with full jitter (100 ms,
 * doubling to 5 s); until then {@link #connect} fails at once with what failed last. Thread-safe.
 */
public final class Peer {
  private final NodeId id;
  private final Transport transport;
  private final TimeSource time;
  private final int linksWanted;
  private final Consumer<Instance> unreachable;
  private final ReentrantLock lock = new ReentrantLock();

  /** Open links; replaced as a whole, under {@link #lock}. */
  private volatile Link[] links = new Link[0];

  // Guarded by lock.
  private @Nullable CompletableFuture<Link> dialing;
  private @Nullable LinkException lastFailure;
  private final FullJitterBackoff backoff = new FullJitterBackoff(ThreadLocalRandom::current);
  private long retryAt;

  /**
   * No links yet.
   *
   * @param unreachable told of each attempt that failed; must not block
   */
  Peer(
      NodeId id,
      Transport transport,
      TimeSource time,
      int linksWanted,
      Consumer<Instance> unreachable) {
    this.id = id;
    this.transport = transport;
    this.time = time;
    this.linksWanted = linksWanted;
    this.unreachable = unreachable;
  }

  /** An open link, in turn at random when there are several; null when there is none. */
  public @Nullable Link link() {
    Link[] all = links;
    return switch (all.length) {
      case 0 -> null;
      case 1 -> all[0];
      default -> all[ThreadLocalRandom.current().nextInt(all.length)];
    };
  }

  /** Whether more links are wanted than there are. */
  public boolean wantsMore() {
    return links.length < linksWanted;
  }

  /**
   * A link to this peer, dialing one of its addresses in turn if there is none.
   *
   * @param instance one of those that it announces
   * @return exceptionally a {@link LinkException} of stage CONNECT; the handler did not run
   */
  public CompletableFuture<Link> connect(Instance instance) {
    CompletableFuture<Link> result = new CompletableFuture<>();
    lock.lock();
    try {
      CompletableFuture<Link> going = dialing;
      if (going != null) {
        return going;
      }
      Link open = link();
      if (open != null && !wantsMore()) {
        return CompletableFuture.completedFuture(open);
      }
      LinkException last = lastFailure;
      long wait = retryAt - time.nanos();
      if (last != null && wait > 0) {
        return CompletableFuture.failedFuture(last.toBuilder()
            .problem(last.problem() + " (next attempt in " + (wait / 1_000_000 + 1) + " ms)")
            .withoutStackTrace()
            .build());
      }
      dialing = result;
    } finally {
      lock.unlock();
    }
    dial(instance, 0, null, result);
    return result;
  }

  private void dial(
      Instance instance,
      int index,
      @Nullable LinkException before,
      CompletableFuture<Link> result) {
    Address address = instance.addresses().get(index);
    transport.dial(address).whenComplete((link, failure) -> {
      if (failure == null && link.peer().instance().equals(id)) {
        connected(link, result);
        return;
      }
      LinkException now = failure == null ? stranger(link, address) : Failures.unwrap(failure);
      // That somebody was refused says more than that nobody answered at another address.
      LinkException why = before != null && before.status() != Status.UNAVAILABLE ? before : now;
      if (index + 1 < instance.addresses().size()) {
        dial(instance, index + 1, why, result);
      } else {
        failed(why, result);
        unreachable.accept(instance);
      }
    });
  }

  private LinkException stranger(Link link, Address address) {
    return LinkException.failure(
            Status.UNAVAILABLE,
            Stage.CONNECT,
            "another node answers there: "
                + link
                + ", not "
                + id.shortText()
                + ". The announcement is out of date, or its address is wrong")
        .address(address.toString())
        .withoutStackTrace()
        .build();
  }

  private void connected(Link link, CompletableFuture<Link> result) {
    lock.lock();
    try {
      lastFailure = null;
      dialing = null;
    } finally {
      lock.unlock();
    }
    result.complete(link);
  }

  private void failed(LinkException why, CompletableFuture<Link> result) {
    lock.lock();
    try {
      long now = time.nanos();
      lastFailure = why;
      retryAt = now + backoff.failed(now);
      dialing = null;
    } finally {
      lock.unlock();
    }
    result.completeExceptionally(why);
  }

  /** Why the last attempt to connect failed; empty when it did not. */
  public String problem() {
    lock.lock();
    try {
      LinkException last = lastFailure;
      return last == null ? "" : last.problem();
    } finally {
      lock.unlock();
    }
  }

  void add(Link link) {
    lock.lock();
    try {
      Link[] more = java.util.Arrays.copyOf(links, links.length + 1);
      more[links.length] = link;
      links = more;
      lastFailure = null;
      backoff.connected(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  void remove(Link link) {
    lock.lock();
    try {
      links = java.util.Arrays.stream(links).filter(l -> l != link).toArray(Link[]::new);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody would miss it: no links, no attempt going on, no back-off to keep. */
  boolean isUnused() {
    lock.lock();
    try {
      return links.length == 0
          && dialing == null
          && (lastFailure == null || time.nanos() - retryAt > FullJitterBackoff.CAP_NANOS);
    } finally {
      lock.unlock();
    }
  }
}
