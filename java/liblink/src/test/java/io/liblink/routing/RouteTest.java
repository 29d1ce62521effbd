package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cluster.Directory;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.View;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RouteTest {
  /** A registry whose one watch is told by the test. */
  private static final class Told implements Registry {
    final AtomicReference<Consumer<View>> listener = new AtomicReference<>();
    int failures;

    @Override
    public String uri() {
      return "told:";
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
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("not now");
      }
      listener.set(told);
      return () -> {};
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

    void tell(View view) {
      listener.get().accept(view);
    }
  }

  private final Told registry = new Told();
  private final Routes routes =
      new Routes(new Directory(registry), TimeSource.system(), name -> Sample.PLAN);

  private static View view(int instances) {
    List<Instance> list = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      list.add(new Instance(
          "echo",
          "node-" + i,
          NodeId.random(),
          List.of(new Address("127.0.0.1", 1 + i)),
          "",
          Map.of(),
          true,
          0,
          List.of()));
    }
    return new View(list, 0, "");
  }

  @Test
  void theNewestViewWinsWhoeverTellsIt() throws InterruptedException {
    List<View> views = List.of(view(1), view(2), view(3));
    for (int round = 0; round < 300; round++) {
      Told told = new Told();
      Routes fresh = new Routes(new Directory(told), TimeSource.system(), name -> Sample.PLAN);
      fresh.to("echo", null, null);
      CountDownLatch go = new CountDownLatch(1);
      Thread teller = new Thread(() -> {
        await(go);
        views.forEach(told::tell);
      });
      teller.start();
      go.countDown();
      List<Route> made = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        made.add(fresh.to("echo", null, "node-" + i));
      }
      teller.join(TimeUnit.SECONDS.toMillis(20));
      for (Route route : made) {
        assertThat(route.view()).isSameAs(views.get(2));
        assertThat(candidates(route)).isEqualTo(route.to().matches("node-[0-2]") ? 1 : 0);
      }
    }
  }

  private static int candidates(Route route) {
    return route.candidates() == null ? -1 : route.candidates().size();
  }

  @Test
  void aWatchThatFailedIsTriedAgain() {
    registry.failures = 1;
    assertThatThrownBy(() -> routes.to("echo", null, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("not now");
    Route route = routes.to("echo", null, null);
    registry.tell(view(2));
    assertThat(candidates(route)).isEqualTo(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
