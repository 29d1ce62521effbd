package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.testkit.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.Event;
import io.liblink.EventStream;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Topic;
import io.liblink.Trait;
import io.liblink.delivery.Gap;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.Fault;
import io.liblink.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions that are read: by a thread, and as reactive streams. */
class EventsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private TestCluster cluster;
  private Node publisher;
  private RemoteService pricing;
  private Topic changed;

  @BeforeEach
  void start() {
    cluster = TestCluster.of("a", "b");
    publisher = cluster.node("b");
    publisher.serve(Service.named("pricing")
        .topic("changed", Long.class, TopicOptions.defaults().keep(1000, 1 << 20)));
    changed = publisher.topic("pricing/changed");
    pricing = cluster.node("a").service("pricing");
    pricing.awaitReady(1, SOON);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private void publish(long from, long to) {
    for (long i = from; i <= to; i++) {
      changed.publish(i);
    }
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  // ---- iterator -----------------------------------------------------------------------------

  @Test
  void eventsAreReadOneByOne() {
    try (EventStream<Long> events =
        pricing.events("changed", Long.class, SubscribeOptions.defaults())) {
      publish(1, 500);
      List<Long> got = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        assertThat(events.hasNext()).isTrue();
        got.add(events.next().value());
      }
      assertThat(got).isEqualTo(numbers(1, 500));
      assertThat(events.subscription().received()).isEqualTo(500);
      CompletableFuture<Long> next =
          CompletableFuture.supplyAsync(() -> events.next().value());
      changed.publish(501L);
      assertThat(Calls.get(next)).isEqualTo(501);
    }
    await("it is gone", () -> changed.subscribers().isEmpty());
  }

  @Test
  void closingEndsTheStreamForWhoWaits() {
    EventStream<Long> events = pricing.events("changed", Long.class, SubscribeOptions.defaults());
    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(events::hasNext);
    assertThat(waiting).isNotDone();
    events.close();
    assertThat(Calls.get(waiting)).isFalse();
    assertThat(events.hasNext()).isFalse();
    assertThatThrownBy(events::next).isInstanceOf(NoSuchElementException.class);
    events.close();
  }

  @Test
  void closingTheNodeEndsTheStreamForWhoWaits() {
    EventStream<Long> events = pricing.events("changed", Long.class, SubscribeOptions.defaults());
    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(events::hasNext);
    cluster.node("a").close();
    assertThat(Calls.get(waiting)).isFalse();
  }

  @Test
  void aReaderThatDoesNotReadHoldsThePublisherBack() {
    List<Gap> gaps = Collections.synchronizedList(new ArrayList<>());
    try (EventStream<Long> events = pricing.events(
        "changed", Long.class, SubscribeOptions.defaults().queue(50).onGap(gaps::add))) {
      publish(1, 32);
      await("the credit is used up", () -> changed.subscribers().get(0).sent() == 32);
      publish(33, 900);
      for (long i = 1; i <= 32; i++) {
        assertThat(events.next().value()).isEqualTo(i);
      }
      assertThat(events.next().value()).isEqualTo(851);
      assertThat(gaps).singleElement().satisfies(g -> assertThat(g.count()).isEqualTo(818));
    }
  }

  @Test
  void theStreamFailsWhenItWasEndedForGood() {
    EventStream<Long> events = pricing.events(
        "changed", Long.class, SubscribeOptions.defaults().queue(5).whenFull(WhenFull.DISCONNECT));
    for (long i = 1; i <= 32; i++) {
      changed.publish(i);
      changed.awaitLag(0, SOON);
    }
    publish(33, 100);
    await("disconnected", () -> changed.subscribers().isEmpty());
    for (long i = 1; i <= 32; i++) {
      assertThat(events.next().value()).isEqualTo(i); // what came before the failure comes
    }
    LinkException e = failure(events::hasNext);
    assertThat(e.status()).isEqualTo(Status.RESOURCE_EXHAUSTED);
    assertThat(events.subscription().failure()).isNotNull();
    events.close();
    assertThat(events.hasNext()).isFalse();
  }

  @Test
  void anInterruptIsNoEnd() {
    EventStream<Long> events = pricing.events("changed", Long.class, SubscribeOptions.defaults());
    Thread.currentThread().interrupt();
    assertThat(failure(events::hasNext).status()).isEqualTo(Status.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();
    changed.publish(1L);
    assertThat(events.next().value()).isEqualTo(1);
    events.close();
  }

  @Test
  void nobodyWaitsOnAnEventLoop() {
    AtomicReference<EventStream<Long>> events = new AtomicReference<>();
    events.set(pricing.events("changed", Long.class, SubscribeOptions.defaults()));
    cluster
        .node("a")
        .serve(Service.named("loop")
            .method("read", Void.class, none -> events.get().next().value(), Trait.NON_BLOCKING)
            .method(
                "subscribe",
                Void.class,
                none -> pricing.subscribe("changed", Long.class, v -> {}).received(),
                Trait.NON_BLOCKING));
    RemoteService loop = publisher.service("loop");
    loop.awaitReady(1, SOON);
    assertThat(failure(() -> loop.call("read", null, Long.class)).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(failure(() -> loop.call("subscribe", null, Long.class)).status())
        .isEqualTo(Status.UNKNOWN);
  }

  // ---- reactive streams ---------------------------------------------------------------------

  /** Checks the rules of reactive streams as it goes. */
  private static final class Checker implements Flow.Subscriber<Event<Long>> {
    final List<Long> got = Collections.synchronizedList(new ArrayList<>());
    final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    final AtomicReference<Throwable> error = new AtomicReference<>();
    final AtomicInteger subscribed = new AtomicInteger();
    final AtomicInteger completed = new AtomicInteger();
    final AtomicInteger inside = new AtomicInteger();
    volatile long requested;
    volatile Flow.Subscription subscription;
    volatile boolean throwing;

    void request(long n) {
      requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
      subscription.request(n);
    }

    private void check(boolean holds, String rule) {
      if (!holds) {
        broken.add(rule);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription s) {
      check(inside.getAndIncrement() == 0, "1.3 serial");
      check(subscribed.incrementAndGet() == 1, "2.12 once");
      subscription = s;
      inside.getAndDecrement();
    }

    @Override
    public void onNext(Event<Long> event) {
      check(inside.getAndIncrement() == 0, "1.3 serial");
      check(subscribed.get() == 1, "1.9 onSubscribe first");
      check(error.get() == null && completed.get() == 0, "1.7 nothing after the end");
      got.add(event.value());
      check(got.size() <= requested, "1.1 no more than requested");
      inside.getAndDecrement();
      if (throwing) {
        throw new IllegalStateException("it must not");
      }
    }

    @Override
    public void onError(Throwable thrown) {
      check(inside.getAndIncrement() == 0, "1.3 serial");
      check(error.getAndSet(thrown) == null && completed.get() == 0, "1.7 one end");
      inside.getAndDecrement();
    }

    @Override
    public void onComplete() {
      check(error.get() == null && completed.getAndIncrement() == 0, "1.7 one end");
    }

    void awaitCount(int count) {
      await(count + " came", () -> got.size() >= count);
      assertThat(got).hasSize(count);
      assertThat(broken).isEmpty();
    }
  }

  private Checker subscriber(SubscribeOptions options) {
    Checker c = new Checker();
    pricing.eventPublisher("changed", Long.class, options).subscribe(c);
    await("subscribed", () -> c.subscription != null);
    changed.awaitSubscribers(1, SOON);
    return c;
  }

  @Test
  void noMoreComesThanWasAskedFor() {
    Checker c = subscriber(SubscribeOptions.defaults());
    publish(1, 900);
    assertThat(c.got).isEmpty();
    c.request(1);
    c.awaitCount(1);
    c.request(10);
    c.request(5);
    c.awaitCount(16);
    await("the credit is used up", () -> changed.subscribers().get(0).lag() > 800);
    c.request(Long.MAX_VALUE);
    c.request(Long.MAX_VALUE);
    c.requested = Long.MAX_VALUE;
    c.awaitCount(900);
    publish(901, 950);
    c.awaitCount(950);
    assertThat(c.got).isEqualTo(numbers(1, 950));
    c.subscription.cancel();
    await("it is gone", () -> changed.subscribers().isEmpty());
    assertThat(c.completed).hasValue(0);
    assertThat(c.error).hasValue(null);
  }

  @Test
  void askingFromInsideDoesNotRecurse() {
    AtomicReference<Flow.Subscription> mine = new AtomicReference<>();
    List<Long> got = Collections.synchronizedList(new ArrayList<>());
    pricing
        .eventPublisher("changed", Long.class, SubscribeOptions.defaults())
        .subscribe(new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription s) {
            mine.set(s);
            s.request(1);
          }

          @Override
          public void onNext(Event<Long> event) {
            got.add(event.value());
            mine.get().request(1);
          }

          @Override
          public void onError(Throwable thrown) {}

          @Override
          public void onComplete() {}
        });
    changed.awaitSubscribers(1, SOON);
    for (long i = 1; i <= 5000; i++) {
      changed.publish(i);
      if (i % 500 == 0) {
        changed.awaitLag(0, SOON);
      }
    }
    await("all came", () -> got.size() == 5000);
    assertThat(got).isEqualTo(numbers(1, 5000));
  }

  @Test
  void askingForNothingIsAnError() {
    for (long n : new long[] {0, -1}) {
      Checker c = subscriber(SubscribeOptions.defaults());
      c.subscription.request(n);
      await("an error", () -> c.error.get() != null);
      assertThat(c.error.get())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3.9");
      await("it is gone", () -> changed.subscribers().isEmpty());
    }
  }

  @Test
  void nothingComesAfterCancelling() {
    Checker c = subscriber(SubscribeOptions.defaults());
    c.request(100);
    publish(1, 10);
    c.awaitCount(10);
    c.subscription.cancel();
    c.subscription.cancel();
    c.subscription.request(5);
    await("it is gone", () -> changed.subscribers().isEmpty());
    publish(11, 20);
    assertThat(c.got).hasSize(10);
  }

  @Test
  void aSubscriberThatThrowsIsCancelled() {
    Checker c = subscriber(SubscribeOptions.defaults());
    c.throwing = true;
    c.request(100);
    publish(1, 10);
    await("it is gone", () -> changed.subscribers().isEmpty());
    assertThat(c.got).hasSize(1);
    assertThat(c.error).hasValue(null);
  }

  @Test
  void aRefusalIsItsError() {
    Checker c = new Checker();
    pricing.eventPublisher("none", Long.class, SubscribeOptions.defaults()).subscribe(c);
    await("an error", () -> c.error.get() != null);
    assertThat(c.subscribed).hasValue(1);
    assertThat(c.error.get())
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.status()).isEqualTo(Status.UNIMPLEMENTED));
    assertThatThrownBy(() -> pricing
            .eventPublisher("changed", Long.class, SubscribeOptions.defaults())
            .subscribe(null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void itCompletesWithItsNode() {
    Checker c = subscriber(SubscribeOptions.defaults());
    c.request(10);
    cluster.node("a").close();
    await("complete", () -> c.completed.get() == 1);
    Checker late = new Checker();
    assertThatThrownBy(() -> cluster.node("a").service("pricing"))
        .isInstanceOf(IllegalStateException.class);
    pricing.eventPublisher("changed", Long.class, SubscribeOptions.defaults()).subscribe(late);
    assertThat(late.error.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void itGoesOnWhenTheLinkIsCut() {
    Checker c = subscriber(SubscribeOptions.defaults());
    c.request(Long.MAX_VALUE);
    c.requested = Long.MAX_VALUE;
    publish(1, 100);
    cluster.inject(Fault.cut(), "a", "b");
    publish(101, 200);
    c.awaitCount(200);
    assertThat(c.got).isEqualTo(numbers(1, 200));
  }
}
