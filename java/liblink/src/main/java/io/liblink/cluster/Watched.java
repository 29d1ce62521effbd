package io.liblink.cluster;

import io.liblink.registry.Filter;
import io.liblink.registry.Registry;
import io.liblink.registry.View;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service and who looks at it. Those who look are held weakly: they are forgotten with the handle
 * that they belong to. Thread-safe.
 */
public final class Watched {
  /** Somebody who looks at the service. Must be held by who made it. */
  public interface Onlooker {
    /**
     * {@link Watched#view} has changed. It is told nothing but that, and asks itself: two who tell it at
     * once can't leave it with the older view.
     */
    void viewChanged();

    /** Whether it uses what it sees. Who does not must say so to {@link Watched#reconsider} later. */
    boolean isUsing();

    /** What it uses; null for all instances. */
    @Nullable
    Filter filter();
  }

  private static final int FEW = 16;

  private final String service;
  private final Registry registry;
  private volatile @Nullable View view;

  // Guarded by this.
  private final List<WeakReference<Onlooker>> onlookers = new ArrayList<>();

  /** From so many on it is worth looking for those that are gone. */
  private int crowd = FEW;

  private Registry.@Nullable Watch watch;
  private List<Filter> narrowed = List.of();

  Watched(String service, Registry registry) {
    this.service = service;
    this.registry = registry;
  }

  /** Where views come from, as a URI without secrets. */
  public String source() {
    return registry.uri();
  }

  /** The newest view; null before the first. */
  public @Nullable View view() {
    return view;
  }

  /** Tells somebody of every change of {@link #view}, and now if there is one. */
  public void add(Onlooker onlooker) {
    synchronized (this) {
      if (onlookers.size() >= crowd) {
        onlookers.removeIf(reference -> reference.get() == null);
        crowd = Math.max(FEW, 2 * onlookers.size());
      }
      onlookers.add(new WeakReference<>(onlooker));
    }
    if (view != null) {
      onlooker.viewChanged();
    }
  }

  private void update(View newer) {
    view = newer;
    onlookers().forEach(Onlooker::viewChanged);
    reconsider();
  }

  private synchronized List<Onlooker> onlookers() {
    List<Onlooker> there = new ArrayList<>(onlookers.size());
    for (WeakReference<Onlooker> reference : onlookers) {
      Onlooker onlooker = reference.get();
      if (onlooker != null) {
        there.add(onlooker);
      }
    }
    return there;
  }

  /** Decides again whether the registry is to leave out what nobody uses. */
  public synchronized void reconsider() {
    View now = view;
    if (now == null || watch == null) {
      return;
    }
    List<Filter> wanted = Narrowing.of(now, onlookers());
    if (!wanted.equals(narrowed)) {
      narrowed = wanted;
      registry.narrow(service, wanted);
    }
  }

  synchronized void start() {
    if (watch == null) {
      watch = registry.watch(service, this::update);
    }
  }

  synchronized void stop() {
    if (watch != null) {
      watch.close();
    }
  }
}
