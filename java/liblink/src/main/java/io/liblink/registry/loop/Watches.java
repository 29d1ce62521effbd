package io.liblink.registry.loop;

import io.liblink.registry.Registry;
import io.liblink.registry.View;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one registry. Watches come and go on any thread; {@link #deliver} is called by the
 * registry's own thread only, which is what keeps the calls of a listener one at a time.
 */
public final class Watches {
  private static final System.Logger LOG = System.getLogger(Watches.class.getName());

  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private final Runnable onAdd;

  /**
   * Without any watch.
   *
   * @param onAdd called, on the adder's thread, when there is somebody new to tell
   */
  public Watches(Runnable onAdd) {
    this.onAdd = onAdd;
  }

  /** Adds one, that the next delivery will tell. */
  public Registry.Watch add(String service, Consumer<View> listener) {
    Entry entry = new Entry(service, listener);
    entries.add(entry);
    onAdd.run();
    return entry;
  }

  /** The names of the services that somebody watches. */
  public Set<String> services() {
    Set<String> names = new LinkedHashSet<>();
    for (Entry entry : entries) {
      names.add(entry.service);
    }
    return names;
  }

  /** Whether nobody watches. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Tells each listener whose view has changed since it was told last, or who was never told.
   *
   * @param views the view of a service, or null while it is not known yet
   * @return whether anybody was told
   */
  public boolean deliver(Function<String, @Nullable View> views) {
    boolean told = false;
    for (Entry entry : entries) {
      View view = views.apply(entry.service);
      if (view != null) {
        told |= entry.tell(view);
      }
    }
    return told;
  }

  /** Ends all. */
  public void close() {
    for (Entry entry : entries) {
      entry.close();
    }
  }

  private final class Entry implements Registry.Watch {
    private final String service;
    private final Consumer<View> listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Only the registry's thread touches it. */
    private @Nullable View last;

    private Entry(String service, Consumer<View> listener) {
      this.service = service;
      this.listener = listener;
    }

    private boolean tell(View view) {
      View before = last;
      if (closed.get()
          || before == view
          || (before != null
              && before.problem().equals(view.problem())
              && before.skipped().equals(view.skipped())
              && before.onlyFor().equals(view.onlyFor())
              && before.instances().equals(view.instances()))) {
        return false;
      }
      last = view;
      try {
        listener.accept(view);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the listener of a watch on service '" + service + "' failed; the watch goes on",
            e);
      }
      return true;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        entries.remove(this);
      }
    }
  }
}
