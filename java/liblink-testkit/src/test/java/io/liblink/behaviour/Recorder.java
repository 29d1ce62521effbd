package io.liblink.behaviour;

import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Event;
import io.liblink.EventSubscriber;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.SubscribeOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A subscriber that remembers all it is told, in order, and can be made to wait. Thread-safe. */
final class Recorder<T> implements EventSubscriber<T> {
  private final List<Event<T>> events = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<PublisherState> states = new ArrayList<>();

  /** By publisher and topic: the last sequence told, as message or gap. */
  private final Map<String, Long> last = new HashMap<>();

  private final List<String> faults = new ArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  SubscribeOptions options() {
    return options(SubscribeOptions.defaults());
  }

  SubscribeOptions options(SubscribeOptions from) {
    return from.onGap(this::gap).onPublisher(this::state);
  }

  /** From now on the handler waits until it may go on. */
  CountDownLatch block() {
    CountDownLatch made = new CountDownLatch(1);
    gate = made;
    return made;
  }

  @Override
  public void on(T value, Event<T> event) {
    Calls.pass(gate);
    synchronized (this) {
      inOrder(event.publisher() + event.topic(), event.sequence());
      events.add(event);
    }
  }

  private synchronized void gap(Gap gap) {
    inOrder(gap.publisher() + gap.topic(), gap.last());
    gaps.add(gap);
  }

  private void inOrder(String of, long sequence) {
    Long before = last.put(of, sequence);
    if (before != null && before >= sequence) {
      faults.add(sequence + " after " + before + " of " + of);
    }
  }

  private synchronized void state(PublisherState state) {
    states.add(state);
  }

  synchronized List<Event<T>> events() {
    assertThat(faults).isEmpty();
    return new ArrayList<>(events);
  }

  List<T> values() {
    return events().stream().map(Event::value).toList();
  }

  List<Long> sequences() {
    return events().stream().map(Event::sequence).toList();
  }

  synchronized List<Gap> gaps() {
    return new ArrayList<>(gaps);
  }

  long missed() {
    return gaps().stream().mapToLong(Gap::count).sum();
  }

  synchronized List<PublisherState> states() {
    return new ArrayList<>(states);
  }

  List<PublisherState.Phase> phases() {
    return states().stream().map(PublisherState::phase).toList();
  }

  boolean was(PublisherState.Phase phase) {
    return phases().contains(phase);
  }

  void awaitCount(int count) {
    await(count + " messages came", () -> events().size() >= count);
    assertThat(events()).hasSize(count);
  }

  /** Waits until messages and gaps together are so many. */
  void awaitCovered(long count) {
    await("messages and gaps are " + count, () -> events().size() + missed() >= count);
    assertThat(events().size() + missed()).isEqualTo(count);
  }
}
