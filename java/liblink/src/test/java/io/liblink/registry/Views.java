package io.liblink.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener that keeps what it was told and checks that it is told one thing at a time. */
public final class Views implements Consumer<View> {
  private final List<View> all = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger inside = new AtomicInteger();
  private volatile int overlaps;

  @Override
  public void accept(View view) {
    if (inside.incrementAndGet() != 1) {
      overlaps++;
    }
    all.add(view);
    inside.decrementAndGet();
  }

  /** What was told so far, oldest first. */
  public List<View> all() {
    assertThat(overlaps).as("calls of the listener while another was under way").isZero();
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  /** The newest view; empty before the first. */
  public View last() {
    List<View> views = all();
    return views.isEmpty() ? new View(List.of(), 0, "none yet") : views.get(views.size() - 1);
  }

  /** The instances of the newest view. */
  public List<Instance> instances() {
    return last().instances();
  }

  /** Waits for a view like that. */
  public View await(String what, Predicate<View> like) {
    Await.until(what, this::last, () -> !all().isEmpty() && like.test(last()));
    return last();
  }

  /** Waits for a view with exactly these, in any order. */
  public View await(Instance... expected) {
    return await(
        "a view of " + List.of(expected),
        v -> v.instances().size() == expected.length
            && v.instances().containsAll(List.of(expected)));
  }

  /** The same, and how long it took. */
  public Duration awaitWithin(Duration bound, String what, Predicate<View> like) {
    return Await.within(bound, what, this::last, () -> !all().isEmpty() && like.test(last()));
  }
}
