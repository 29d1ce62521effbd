package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cluster.Directory;
import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A registry is asked to leave out what nobody uses of a large service, and only then. */
class NarrowingTest {
  private static final String EU = "zone == 'eu'";
  private static final String US = "zone == 'us'";

  /** A registry that can leave out instances, when the test lets it answer. */
  private static final class Cutting implements Registry {
    final List<List<Filter>> asked = new ArrayList<>();
    private Consumer<View> listener = v -> {};
    private List<Instance> all = List.of();
    private List<Filter> filters = List.of();

    @Override
    public String uri() {
      return "cutting:";
    }

    @Override
    public CompletionStage<Void> announce(Instance instance) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> withdraw(String service) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Watch watch(String service, Consumer<View> told) {
      listener = told;
      return () -> {};
    }

    @Override
    public void narrow(String service, List<Filter> anyOf) {
      asked.add(anyOf);
      filters = anyOf;
    }

    @Override
    public CompletionStage<Set<String>> services() {
      return CompletableFuture.completedFuture(Set.of());
    }

    @Override
    public Duration staleness() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}

    void has(int eu, int us) {
      all = IntStream.range(0, eu + us)
          .mapToObj(n -> Sample.instance(n, Map.of("zone", n < eu ? "eu" : "us")))
          .toList();
      tell();
    }

    void tell() {
      List<Filter> by = filters;
      List<Instance> left = by.isEmpty()
          ? all
          : all.stream().filter(i -> by.stream().anyMatch(f -> f.test(i))).toList();
      listener.accept(
          new View(left, 0, "", List.of(), by.stream().map(Filter::toString).toList()));
    }
  }

  private final Cutting registry = new Cutting();
  private final Routes routes =
      new Routes(new Directory(registry), TimeSource.system(), name -> Sample.PLAN);

  private Route where(String selector) {
    return routes.to("pricing", Selector.parse(selector), null);
  }

  private static int size(Route route) {
    Candidates now = route.candidates();
    return now == null ? -1 : now.size();
  }

  @Test
  void ofALargeServiceTheUnusedPartIsLeftOut() {
    Route eu = where(EU);
    registry.has(20, 180);
    assertThat(size(eu)).isEqualTo(20);
    assertThat(registry.asked).containsExactly(List.of(Selector.parse(EU)));
    registry.tell();
    assertThat(size(eu)).isEqualTo(20);
    assertThat(eu.view().instances()).hasSize(20);
    assertThat(registry.asked).hasSize(1);
  }

  @Test
  void aSmallServiceIsSeenWhole() {
    Route eu = where(EU);
    registry.has(9, 90);
    assertThat(size(eu)).isEqualTo(9);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void soIsOneOfWhichMoreThanHalfIsUsed() {
    Route eu = where(EU);
    Route us = where(US);
    registry.has(101, 99);
    assertThat(size(eu)).isEqualTo(101);
    assertThat(registry.asked).isEmpty();
    assertThat(size(us)).isEqualTo(99);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void aHandleThatIsNotUsedHasNoSay() {
    Route eu = where(EU);
    Route unused = routes.to("pricing", null, null);
    registry.has(20, 180);
    size(eu);
    assertThat(registry.asked).hasSize(1);
    Reference.reachabilityFence(unused);
  }

  @Test
  void whoWantsMoreWaitsUntilItIsThere() {
    Route eu = where(EU);
    Route all = routes.to("pricing", null, null);
    Route one = routes.to("pricing", Selector.parse(EU), "node-3");
    registry.has(20, 180);
    size(eu);
    registry.tell();
    assertThat(size(all)).as("candidates of a view that lacks most").isEqualTo(-1);
    assertThat(registry.asked).last().isEqualTo(List.of());
    registry.tell();
    assertThat(size(all)).isEqualTo(200);
    assertThat(size(one)).isZero();
    assertThat(size(eu)).isEqualTo(20);
  }

  @Test
  void severalSelectorsAreAskedForTogether() {
    Route eu = where(EU);
    Route first = where("node == 'node-100'");
    registry.has(20, 180);
    size(eu);
    registry.tell();
    assertThat(size(first)).isEqualTo(-1);
    registry.tell(); // all, since it is not known how many there are
    assertThat(registry.asked)
        .last()
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(2);
    registry.tell();
    assertThat(eu.view().instances()).hasSizeBetween(20, 21);
    assertThat(size(eu)).isEqualTo(20);
  }

  @Test
  void whenNothingIsLeftAllAreLookedAtForTheReason() {
    Route eu = where(EU);
    registry.has(20, 180);
    size(eu);
    registry.tell();
    registry.has(0, 180);
    assertThat(registry.asked).last().isEqualTo(List.of());
    registry.tell();
    assertThat(eu.candidates().explain(0).text())
        .contains("180 instances of 'pricing' discovered")
        .contains("fails zone == \"eu\" (zone is \"us\")");
    assertThat(registry.asked).hasSize(2);
  }

  @Test
  void whatIsLeftOutIsSaid() {
    Route eu = where(EU);
    registry.has(20, 180);
    size(eu);
    registry.tell();
    assertThat(eu.candidates().explain(0).text())
        .contains("20 instances")
        .contains("the registry was asked only for instances with zone == \"eu\"");
  }

  @Test
  void whoMustKnowOfAllKeepsThemIn() {
    Route eu = where(EU);
    eu.needAll();
    registry.has(20, 180);
    assertThat(size(eu)).isEqualTo(20);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void aHandleThatIsGoneHasNoSay() {
    Route eu = where(EU);
    useOnce(routes.to("pricing", null, null));
    registry.has(20, 180);
    size(eu);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (registry.asked.isEmpty() && System.nanoTime() < deadline) {
      System.gc();
      registry.tell();
    }
    assertThat(registry.asked).containsExactly(List.of(Selector.parse(EU)));
  }

  private static void useOnce(Route route) {
    route.candidates();
  }

  @Test
  void manyDifferentSelectionsAreFineWhenFewAreKept() {
    Route kept = where(EU);
    registry.has(1, 1);
    for (int i = 0; i < 30_000; i++) {
      if (i % 5_000 == 0) {
        System.gc();
      }
      assertThat(size(where("zone == '" + i + "'"))).isZero();
    }
    assertThat(size(kept)).isEqualTo(1);
  }
}
