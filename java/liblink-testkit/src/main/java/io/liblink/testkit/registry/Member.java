package io.liblink.testkit.registry;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import io.liblink.registry.View;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The registry of a test cluster as one node has it. */
final class Member implements Registry {
  private static final System.Logger LOG = System.getLogger(Member.class.getName());
  private static final String PROBLEM = "the test registry can't be reached (an injected fault)";

  private record Change(Runnable change, CompletableFuture<Void> done) {}

  private final TestRegistry shared;
  private final RegistryProvider.Context context;
  private volatile boolean closed;

  // The registry's thread's own.
  private final ArrayDeque<Change> waiting = new ArrayDeque<>();
  private final List<Watching> watches = new ArrayList<>();

  Member(TestRegistry shared, RegistryProvider.Context context) {
    this.shared = shared;
    this.context = context;
  }

  NodeId id() {
    return context.id();
  }

  @Override
  public String uri() {
    return shared.uri();
  }

  @Override
  public CompletionStage<Void> announce(Instance instance) {
    return change(() -> shared.put(instance));
  }

  @Override
  public CompletionStage<Void> withdraw(String service) {
    return change(() -> shared.take(context.id(), service));
  }

  private CompletionStage<Void> change(Runnable change) {
    shared.asked();
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean open = shared.execute(() -> {
      waiting.add(new Change(change, done));
      shared.tellAll();
    });
    if (!open) {
      done.complete(null); // all are closing: there is nobody to be told
    }
    return done;
  }

  @Override
  public Watch watch(String service, Consumer<View> listener) {
    if (closed) {
      throw new IllegalStateException("the registry is closed");
    }
    shared.asked();
    shared.watched(1);
    Watching watching = new Watching(service, listener);
    shared.execute(() -> {
      watches.add(watching);
      shared.tellAll(); // what others changed while the registry was lost comes first
    });
    return watching;
  }

  @Override
  public CompletionStage<Set<String>> services() {
    shared.asked();
    CompletableFuture<Set<String>> names = new CompletableFuture<>();
    shared.execute(() -> {
      if (isLost()) {
        names.completeExceptionally(
            LinkException.failure(Status.UNAVAILABLE, Stage.DISCOVER, PROBLEM).build());
      } else {
        names.complete(shared.services());
      }
    });
    return names;
  }

  @Override
  public Duration staleness() {
    return Duration.ofSeconds(1);
  }

  @Override
  public String problem() {
    return isLost() ? PROBLEM : "";
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      change(() -> shared.leave(context.id()));
    }
  }

  // ---- on the registry's thread -------------------------------------------------------------

  private boolean isLost() {
    return shared.isLostTo(context.node());
  }

  /** Makes the changes that waited for the registry, and adds what is to complete for them. */
  void catchUp(List<CompletableFuture<Void>> made) {
    while (!isLost() && !waiting.isEmpty()) {
      Change next = waiting.remove();
      next.change().run();
      made.add(next.done());
    }
  }

  /** Tells those who watch what changed, who were never told, or who lost the registry or found it. */
  void tell(Set<String> changed) {
    watches.removeIf(w -> {
      boolean over = w.ended.get() || closed;
      if (over) {
        w.close();
      }
      return over;
    });
    boolean lost = isLost();
    for (Watching w : watches) {
      if (changed.contains(w.service) || w.last == null || w.last.problem().isEmpty() == lost) {
        w.tell();
      }
    }
  }

  private final class Watching implements Watch {
    private final String service;
    private final Consumer<View> listener;
    private final AtomicBoolean ended = new AtomicBoolean();
    private @Nullable View last;

    Watching(String service, Consumer<View> listener) {
      this.service = service;
      this.listener = listener;
    }

    private void tell() {
      View before = last;
      View now;
      if (!isLost()) {
        List<Instance> seen = shared.seenBy(context.node(), context.id(), service);
        now = new View(seen, context.time().nanos(), "");
      } else if (before != null) {
        // Until now the registry confirmed what it said; from now on that grows old.
        long asOf = before.problem().isEmpty() ? context.time().nanos() : before.asOfNanos();
        now = new View(before.instances(), asOf, PROBLEM);
      } else {
        return; // it has never answered
      }
      last = now;
      boolean same = before != null
          && before.problem().equals(now.problem())
          && before.instances().equals(now.instances());
      if (!same && !ended.get()) {
        shared.told();
        deliver(now);
      }
    }

    private void deliver(View view) {
      try {
        listener.accept(view);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "the watch of '" + service + "' failed", e);
      }
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        shared.watched(-1);
      }
    }
  }
}
