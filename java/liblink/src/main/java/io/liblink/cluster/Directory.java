package io.liblink.cluster;

import io.liblink.registry.Registry;
import io.liblink.registry.View;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of others' services: one watch per service, however many look at it. A view
 * once known stays until a newer one comes (fail-static). Thread-safe.
 *
 * <p>Bounded by {@value #MOST} services; asking for more fails, because a name made up per request
 * would otherwise leak a watch each.
 */
public final class Directory implements AutoCloseable {
  private static final int MOST = 10_000;

  private final Registry registry;
  private final ConcurrentHashMap<String, Watched> services = new ConcurrentHashMap<>();

  /** Watches nothing yet. */
  public Directory(Registry registry) {
    this.registry = registry;
  }

  /** The service, watched from now on. */
  public Watched service(String name) {
    Watched known = services.get(name);
    if (known != null) {
      return known;
    }
    if (services.size() >= MOST) {
      throw new IllegalStateException("more than " + MOST + " services are watched by one node");
    }
    Watched made = services.computeIfAbsent(name, k -> new Watched());
    made.start(registry, name);
    return made;
  }

  @Override
  public void close() {
    services.values().forEach(Watched::stop);
  }

  /** One service and who looks at it. */
  public static final class Watched {
    private final List<Consumer<View>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<View> first = new CompletableFuture<>();
    private volatile @Nullable View view;

    /** Guarded by this. */
    private Registry.@Nullable Watch watch;

    /** The newest view; null before the first. */
    public @Nullable View view() {
      return view;
    }

    /** Completes with the first view. */
    public CompletableFuture<View> first() {
      return first;
    }

    /** Tells the listener the current view, if there is one, and every later one. */
    public void listen(Consumer<View> listener) {
      listeners.add(listener);
      View known = view;
      if (known != null) {
        listener.accept(known);
      }
    }

    /** No later view is told. */
    public void forget(Consumer<View> listener) {
      listeners.remove(listener);
    }

    private void update(View newer) {
      view = newer;
      listeners.forEach(l -> l.accept(newer));
      first.complete(newer);
    }

    private synchronized void start(Registry registry, String name) {
      if (watch == null) {
        watch = registry.watch(name, this::update);
      }
    }

    private synchronized void stop() {
      if (watch != null) {
        watch.close();
      }
    }
  }
}
