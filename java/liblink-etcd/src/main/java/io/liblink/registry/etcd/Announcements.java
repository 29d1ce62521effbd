package io.liblink.registry.etcd;

import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What this node wants to be announced, service by service, and who waits for it. Wishes come from
 * any thread; {@link LeaseKeeper} takes them and says what became of them. Thread-safe.
 */
final class Announcements {
  /**
   * A wish for one service.
   *
   * @param instance null to have none
   * @param number counts wishes
   */
  record Wish(String service, @Nullable Instance instance, long number) {}

  private record Waiting(CompletableFuture<Void> stage, long number) {}

  // All guarded by this.
  private final Map<String, Wish> wishes = new LinkedHashMap<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private long numbers;
  private boolean closed;

  CompletionStage<Void> announce(Instance instance) {
    return wish(instance.service(), instance);
  }

  CompletionStage<Void> withdraw(String service) {
    return wish(service, null);
  }

  private synchronized CompletionStage<Void> wish(String service, @Nullable Instance instance) {
    if (closed) {
      return CompletableFuture.failedStage(closedFailure(service));
    }
    if (instance == null && !wishes.containsKey(service)) {
      return CompletableFuture.completedStage(null);
    }
    long number = ++numbers;
    wishes.put(service, new Wish(service, instance, number));
    // One stage for a service, however often the wish changes before it is fulfilled; unless
    // whoever
    // got it has ended it, by a timeout of their own.
    Waiting before = waiting.get(service);
    CompletableFuture<Void> stage =
        before == null || before.stage.isDone() ? new CompletableFuture<>() : before.stage;
    waiting.put(service, new Waiting(stage, number));
    return stage;
  }

  /** All wishes that were not forgotten. */
  synchronized List<Wish> all() {
    return new ArrayList<>(wishes.values());
  }

  /** It is fulfilled, and forgotten if it was to have none. */
  void fulfilled(Wish wish) {
    CompletableFuture<Void> stage = over(wish, wish.instance == null);
    if (stage != null) {
      stage.complete(null);
    }
  }

  /** It never will be. */
  void refused(Wish wish, String why) {
    CompletableFuture<Void> stage = over(wish, true);
    if (stage != null) {
      stage.completeExceptionally(
          LinkException.failure(Status.INVALID_ARGUMENT, Stage.DISCOVER, why).build());
    }
  }

  private synchronized @Nullable CompletableFuture<Void> over(Wish wish, boolean forget) {
    if (forget) {
      wishes.remove(wish.service, wish);
    }
    Waiting w = waiting.get(wish.service);
    if (w == null || w.number > wish.number) {
      return null;
    }
    waiting.remove(wish.service);
    return w.stage;
  }

  /** Takes no more wishes and fails who waits. Idempotent. */
  void close() {
    Map<String, Waiting> left;
    synchronized (this) {
      closed = true;
      left = new LinkedHashMap<>(waiting);
      waiting.clear();
      wishes.clear();
    }
    left.forEach((service, w) -> w.stage.completeExceptionally(closedFailure(service)));
  }

  private static LinkException closedFailure(String service) {
    return LinkException.failure(
            Status.UNAVAILABLE,
            Stage.DISCOVER,
            "the registry was closed before service '" + service + "' was announced or withdrawn")
        .build();
  }
}
