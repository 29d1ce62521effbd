package io.liblink.registry.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedRegistryTest {
  private static final Address A = new Address("10.0.0.1", 7400);
  private static final Address B = new Address("10.0.0.2", 7400);

  private final Map<Address, Supplier<CompletionStage<List<Instance>>>> peers =
      new ConcurrentHashMap<>();
  private final Map<Address, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Clock clock = new Clock();
  private FixedRegistry registry = start(A, B);

  /** Stands still until it is turned. */
  private static final class Clock implements TimeSource {
    private final AtomicLong nanos = new AtomicLong(1);

    @Override
    public long nanos() {
      return nanos.get();
    }

    @Override
    public long wallMillis() {
      return 0;
    }

    private void advance(Duration by) {
      nanos.addAndGet(by.toNanos());
    }
  }

  private FixedRegistry start(Address... addresses) {
    Context context = new Context("shop", "me", NodeId.random(), clock, this::ask);
    FixedRegistry made =
        new FixedRegistry("static:", List.of(addresses), context, Duration.ofSeconds(5), () -> 0.5);
    made.start();
    return made;
  }

  private CompletionStage<List<Instance>> ask(Address address) {
    asked.computeIfAbsent(address, a -> new AtomicInteger()).incrementAndGet();
    return peers.getOrDefault(address, () -> refused("connection refused")).get();
  }

  private static CompletionStage<List<Instance>> refused(String why) {
    return CompletableFuture.failedStage(
        LinkException.failure(Status.UNAVAILABLE, Stage.CONNECT, why).build());
  }

  private void serves(Address address, Instance... instances) {
    peers.put(address, () -> CompletableFuture.completedStage(List.of(instances)));
  }

  private int asked(Address address) {
    return asked.getOrDefault(address, new AtomicInteger()).get();
  }

  private static Instance pricing(String node, Address at) {
    Context c = Samples.context(node);
    Instance i = Samples.instance("pricing", c, at.port());
    return new Instance(
        i.service(),
        i.node(),
        i.id(),
        List.of(at),
        i.version(),
        i.metadata(),
        i.ready(),
        i.startedMillis(),
        i.endpoints());
  }

  private Views watch(String service) {
    Views views = new Views();
    registry.watch(service, views);
    return views;
  }

  @AfterEach
  void end() {
    registry.close();
  }

  @Test
  void nobodyIsAskedWhileNobodyWants() {
    assertThat(Await.get(registry.announce(pricing("me", A)))).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void aWatchAsksAllAtOnceAndSeesTheUnion() {
    Instance a = pricing("a", A);
    Instance b = pricing("b", B);
    serves(A, a);
    serves(B, b);
    assertThat(watch("pricing").await(a, b).problem()).isEmpty();
    assertThat(Await.get(registry.services())).containsExactly("pricing");
  }

  @Test
  void theFirstAnswerWithTheServiceIsToldWithoutWaitingForTheRest() {
    CompletableFuture<List<Instance>> slow = new CompletableFuture<>();
    Instance a = pricing("a", A);
    serves(A, a);
    peers.put(B, () -> slow);
    watch("pricing").await(a);
    slow.complete(List.of());
  }

  @Test
  void aServiceIsNotMissingBeforeAllWereHeard() {
    CompletableFuture<List<Instance>> slow = new CompletableFuture<>();
    serves(A);
    peers.put(B, () -> slow);
    Views views = watch("pricing");
    Await.until("both are asked", asked::toString, () -> asked(A) == 1 && asked(B) == 1);
    assertThat(views.all()).isEmpty();
    Instance b = pricing("b", B);
    slow.complete(List.of(b));
    assertThat(views.await(b)).isEqualTo(views.all().get(0));
  }

  @Test
  void eachIsAskedAgainAfterTheInterval() {
    serves(A);
    serves(B);
    Views views = watch("pricing");
    views.await();
    int before = asked(A);
    Instance a = pricing("a", A);
    serves(A, a);
    clock.advance(Duration.ofMillis(4990));
    assertThat(asked(A)).isEqualTo(before);
    clock.advance(Duration.ofMillis(20));
    views.await(a);
    assertThat(asked(A)).isEqualTo(before + 1);
  }

  @Test
  void anotherWatchAsksAgainAtOnce() {
    serves(A);
    serves(B);
    watch("pricing").await();
    Instance a = pricing("a", A);
    serves(A, a);
    watch("billing").await();
    Await.until("asked again", asked::toString, () -> asked(A) == 2);
    watch("pricing").await(a);
  }

  @Test
  void whoFailsKeepsWhatItSaidAndEachIsNamedWithItsReason() {
    Instance a = pricing("a", A);
    Instance b = pricing("b", B);
    serves(A, a);
    serves(B, b);
    Views views = watch("pricing");
    View good = views.await(a, b);

    peers.put(A, () -> refused("connection refused"));
    peers.put(B, () -> refused("other cluster"));
    clock.advance(Duration.ofMillis(5010));
    View bad = views.await(
        "both problems", v -> v.problem().contains("10.0.0.1") && v.problem().contains("10.0.0.2"));
    assertThat(bad.problem())
        .isEqualTo("10.0.0.1:7400: connection refused; 10.0.0.2:7400: other cluster");
    assertThat(bad.instances()).containsExactlyInAnyOrder(a, b);
    assertThat(bad.asOfNanos()).isEqualTo(good.asOfNanos());
    assertThat(registry.problem()).isEqualTo(bad.problem());

    serves(A, a);
    serves(B, b);
    clock.advance(Duration.ofMillis(260));
    assertThat(views.await("well again", v -> v.problem().isEmpty()).instances())
        .containsExactlyInAnyOrder(a, b);
  }

  @Test
  void anAddressThatAnswersAsAnotherNodeHasThatNodeOnly() {
    Instance old = pricing("a", A);
    serves(A, old);
    serves(B);
    Views views = watch("pricing");
    views.await(old);
    Instance restarted = pricing("a", A);
    serves(A, restarted);
    clock.advance(Duration.ofMillis(5010));
    views.await(restarted);
  }

  @Test
  void aNodeAtTwoAddressesIsOneInstanceWithBoth() {
    Instance a = pricing("a", A);
    serves(A, a);
    serves(B, a);
    View view = watch("pricing")
        .await(
            "both addresses",
            v -> v.instances().size() == 1 && v.instances().get(0).addresses().size() == 2);
    assertThat(view.instances().get(0).addresses()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void theAddressInTheListComesFirstWhateverTheNodeSays() {
    registry.close();
    registry = start(A);
    serves(A, pricing("a", B));
    View view = watch("pricing").await("one", v -> v.instances().size() == 1);
    assertThat(view.instances().get(0).addresses()).containsExactly(A, B);
  }

  @Test
  void whoNeverAnswersHasFailedAfterFiveSecondsAndItsLateAnswerIsNobodys() {
    CompletableFuture<List<Instance>> never = new CompletableFuture<>();
    Instance a = pricing("a", A);
    serves(A, a);
    peers.put(B, () -> never);
    Views views = watch("pricing");
    views.await(a);
    clock.advance(Duration.ofMillis(5010));
    views.await("a problem", v -> v.problem().equals("10.0.0.2:7400: no answer within 5 s"));
    never.complete(List.of(pricing("late", B)));
    Instance b = pricing("b", B);
    serves(B, b);
    clock.advance(Duration.ofMillis(260));
    views.await(a, b);
    assertThat(views.all())
        .noneMatch(v -> v.instances().stream().anyMatch(i -> i.node().equals("late")));
  }

  @Test
  void aProbeThatThrowsIsAFailureLikeAnother() {
    serves(A);
    peers.put(B, () -> {
      throw new IllegalStateException("thrown");
    });
    assertThat(watch("pricing").await("a problem", v -> !v.problem().isEmpty()).problem())
        .isEqualTo("10.0.0.2:7400: thrown");
  }

  @Test
  void onlyTheFirstProblemsAreToldInFull() {
    registry.close();
    Address[] many = new Address[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = new Address("10.0.1." + i, 7400);
    }
    registry = start(many);
    View view = watch("pricing").await("all failed", v -> v.problem().contains("more"));
    assertThat(view.problem())
        .endsWith("; and 15 more")
        .contains("10.0.1.4:")
        .doesNotContain("10.0.1.5:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static:",
        "static:,",
        "static:10.0.0.1",
        "static:10.0.0.1:",
        "static:10.0.0.1:x",
        "static:10.0.0.1:0",
        "static:10.0.0.1:65536",
        "static:::1:7400",
        "static:[::1]",
        "static:10.0.0.1:7400,",
        "static:10.0.0.1:7400,,10.0.0.2:7400",
        "static:a b:7400",
        "static://10.0.0.1:7400"
      })
  void aListThatIsWrongIsRefusedWithItsText(String uri) {
    assertThatThrownBy(() -> FixedProvider.addresses(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + uri);
  }

  @Test
  void aListIsReadInOrderAndOnce() {
    assertThat(FixedProvider.addresses("static:b.example:1, 10.0.0.1:7400,[::1]:2,b.example:1"))
        .containsExactly(
            new Address("b.example", 1), new Address("10.0.0.1", 7400), new Address("::1", 2));
    StringBuilder many = new StringBuilder("static:x:1");
    for (int i = 2; i < 1003; i++) {
      many.append(",x:").append(i);
    }
    assertThatThrownBy(() -> FixedProvider.addresses(many.toString()))
        .hasMessageContaining("at most 1000");
  }
}
