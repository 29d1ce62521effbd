package io.liblink.cluster;

import io.liblink.registry.Registry;
import io.liblink.registry.View;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    try {
      made.start(registry, name);
    } catch (RuntimeException e) {
      services.remove(name, made); // who asks again must not get one that nobody tells anything
      throw e;
    }
    return made;
  }

  /** What is known of a service without watching it for this; null when nothing is. */
  public @Nullable View view(String name) {
    Watched known = services.get(name);
    return known == null ? null : known.view();
  }

  @Override
  public void close() {
    services.values().forEach(Watched::stop);
  }

  /** One service and who looks at it. */
  public static final class Watched {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable View view;

    /** Guarded by this. */
    private Registry.@Nullable Watch watch;

    /** The newest view; null before the first. */
    public @Nullable View view() {
      return view;
    }

    /**
     * Runs the listener after every change of {@link #view}, and now if there is one. It is told
     * nothing but that, and asks itself: two who tell it at once can't leave it with the older view.
     */
    public void listen(Runnable listener) {
      listeners.add(listener);
      if (view != null) {
        listener.run();
      }
    }

    void update(View newer) {
      view = newer;
      listeners.forEach(Runnable::run);
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
