package io.liblink.cluster;

import io.liblink.registry.Registry;
import io.liblink.registry.View;
import java.util.concurrent.ConcurrentHashMap;
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
    Watched made = services.computeIfAbsent(name, k -> new Watched(k, registry));
    try {
      made.start();
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
}
