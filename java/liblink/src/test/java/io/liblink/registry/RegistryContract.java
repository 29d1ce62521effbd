package io.liblink.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every registry does. A registry's test extends this and says how a world of nodes is made
 * that share it.
 */
public abstract class RegistryContract {
  /** Nodes that share a registry. */
  public interface World extends AutoCloseable {
    /** A new node. */
    Member join(String node);

    /** Ends all nodes. */
    @Override
    void close();
  }

  /**
   * A node: its registry, and whatever else the node does so that others learn of its services.
   */
  public interface Member {
    Registry registry();

    RegistryProvider.Context context();

    void announce(Instance instance);

    void withdraw(String service);

    void close();

    /** An instance that this node may announce, with something in every field. */
    Instance instance(String service);
  }

  private World world;

  /** A world without nodes. */
  protected abstract World world();

  @BeforeEach
  public void begin() {
    world = world();
  }

  @AfterEach
  public void end() {
    world.close();
  }

  private static Views watch(Member member, String service) {
    Views views = new Views();
    member.registry().watch(service, views);
    return views;
  }

  @Test
  public void whatOneNodeAnnouncesAnotherSeesWhole() {
    Member a = world.join("a");
    Views seen = watch(world.join("b"), "pricing");
    a.announce(a.instance("pricing"));

    View view = seen.await(a.instance("pricing"));
    assertThat(view.problem()).isEmpty();
    assertThat(view.instances().get(0)).isEqualTo(a.instance("pricing"));
  }

  @Test
  public void whoWatchesLaterSeesWhatIsThere() {
    Member a = world.join("a");
    a.announce(a.instance("pricing"));
    watch(world.join("b"), "pricing").await(a.instance("pricing"));
  }

  @Test
  public void aSecondWatchOfTheSameServiceIsToldToo() {
    Member a = world.join("a");
    Member b = world.join("b");
    a.announce(a.instance("pricing"));
    Views first = watch(b, "pricing");
    first.await(a.instance("pricing"));
    watch(b, "pricing").await(a.instance("pricing"));
  }

  @Test
  public void aServiceThatNobodyAnnouncesIsAnEmptyViewAndNoSilence() {
    Member a = world.join("a");
    a.announce(a.instance("pricing"));
    View view = watch(world.join("b"), "unheard-of").await("an empty view", v -> true);
    assertThat(view.instances()).isEmpty();
    assertThat(view.problem()).isEmpty();
  }

  @Test
  public void aNewAnnouncementReplacesTheOld() {
    Member a = world.join("a");
    Views seen = watch(world.join("b"), "pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));

    a.announce(a.instance("pricing").withReady(false));
    seen.await(a.instance("pricing").withReady(false));
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));
  }

  @Test
  public void whatIsWithdrawnDisappearsAndMayReturn() {
    Member a = world.join("a");
    Views seen = watch(world.join("b"), "pricing");
    a.announce(a.instance("pricing"));
    a.announce(a.instance("billing"));
    seen.await(a.instance("pricing"));

    a.withdraw("pricing");
    seen.await();
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));
  }

  @Test
  public void withdrawingWhatWasNeverAnnouncedDoesNothing() {
    Member a = world.join("a");
    a.announce(a.instance("pricing"));
    a.withdraw("billing");
    watch(world.join("b"), "pricing").await(a.instance("pricing"));
  }

  @Test
  public void closingANodeTakesBackAllItAnnounced() {
    Member a = world.join("a");
    Member b = world.join("b");
    Views pricing = watch(b, "pricing");
    Views billing = watch(b, "billing");
    a.announce(a.instance("pricing"));
    a.announce(a.instance("billing"));
    pricing.await(a.instance("pricing"));
    billing.await(a.instance("billing"));

    a.close();
    pricing.await();
    billing.await();
  }

  @Test
  public void severalNodesAnnounceTheSameService() {
    Member a = world.join("a");
    Member b = world.join("b");
    Member c = world.join("c");
    Views seen = watch(world.join("d"), "pricing");
    for (Member m : List.of(a, b, c)) {
      m.announce(m.instance("pricing"));
    }
    seen.await(a.instance("pricing"), b.instance("pricing"), c.instance("pricing"));

    b.close();
    seen.await(a.instance("pricing"), c.instance("pricing"));
  }

  @Test
  public void aNodeThatComesBackIsAnotherInstance() {
    Views seen = watch(world.join("watcher"), "pricing");
    Member first = world.join("a");
    first.announce(first.instance("pricing"));
    seen.await(first.instance("pricing"));
    first.close();
    seen.await();

    Member second = world.join("a");
    second.announce(second.instance("pricing"));
    seen.await(second.instance("pricing"));
    assertThat(second.context().id()).isNotEqualTo(first.context().id());
  }

  @Test
  public void aWatchHearsOnlyOfItsService() {
    Member a = world.join("a");
    Views seen = watch(world.join("b"), "pricing");
    a.announce(a.instance("billing"));
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));
    assertThat(seen.all())
        .allSatisfy(v -> assertThat(v.instances()).allMatch(i -> i.service().equals("pricing")));
  }

  @Test
  public void aListenerIsToldOnlyWhatDiffers() {
    Member a = world.join("a");
    Views seen = watch(world.join("b"), "pricing");
    for (int i = 0; i < 20; i++) {
      a.announce(a.instance("pricing").withReady(i % 2 == 0));
    }
    a.withdraw("pricing");
    seen.await();
    List<View> views = seen.all();
    for (int i = 1; i < views.size(); i++) {
      assertThat(views.get(i).instances()).isNotEqualTo(views.get(i - 1).instances());
    }
  }

  @Test
  public void aListenerThatThrowsHearsOnAndSoDoOthers() {
    Member a = world.join("a");
    Member b = world.join("b");
    AtomicInteger calls = new AtomicInteger();
    b.registry().watch("pricing", v -> {
      calls.incrementAndGet();
      throw new IllegalStateException("on purpose");
    });
    Views seen = watch(b, "pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));
    int before = calls.get();
    a.announce(a.instance("pricing").withReady(false));
    seen.await(a.instance("pricing").withReady(false));
    Await.until("the thrower hears on", calls::get, () -> calls.get() > before);
  }

  @Test
  public void aClosedWatchHearsNoMore() {
    Member a = world.join("a");
    Member b = world.join("b");
    Views ended = new Views();
    Registry.Watch watch = b.registry().watch("pricing", ended);
    Views seen = watch(b, "pricing");
    a.announce(a.instance("pricing"));
    seen.await(a.instance("pricing"));
    ended.await(a.instance("pricing"));

    watch.close();
    watch.close();
    int told = ended.all().size();
    a.announce(a.instance("pricing").withReady(false));
    seen.await(a.instance("pricing").withReady(false));
    assertThat(ended.all()).hasSize(told);
  }

  @Test
  public void aListenerMayCloseItsOwnWatch() {
    Member a = world.join("a");
    Member b = world.join("b");
    a.announce(a.instance("pricing"));
    List<Registry.Watch> watch = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    synchronized (watch) {
      watch.add(b.registry().watch("pricing", v -> {
        synchronized (watch) {
          calls.incrementAndGet();
          watch.get(0).close();
        }
      }));
    }
    Await.until("one call", calls::get, () -> calls.get() == 1);
    a.announce(a.instance("pricing").withReady(false));
    watch(b, "pricing").await(a.instance("pricing").withReady(false));
    assertThat(calls).hasValue(1);
  }

  @Test
  public void theNamesOfAllServicesAreKnown() {
    Member a = world.join("a");
    Member b = world.join("b");
    Member c = world.join("c");
    a.announce(a.instance("pricing"));
    a.announce(a.instance("billing"));
    b.announce(b.instance("pricing"));
    Await.until(
        "both services",
        () -> Await.get(c.registry().services()),
        () -> Await.get(c.registry().services()).equals(java.util.Set.of("billing", "pricing")));
  }

  @Test
  public void aClosedRegistrySaysSo() {
    Member a = world.join("a");
    a.close();
    a.registry().close();
    assertThat(Await.failure(a.registry().announce(a.instance("pricing"))))
        .hasMessageContaining("closed");
    assertThat(Await.failure(a.registry().services())).hasMessageContaining("closed");
    assertThatThrownBy(() -> a.registry().watch("pricing", v -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  public void aNameThatIsNoServiceIsRefused() {
    Registry registry = world.join("a").registry();
    assertThatThrownBy(() -> registry.watch("No Service", v -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  public void theRegistrySaysWhatItIs() {
    Registry registry = world.join("a").registry();
    assertThat(registry.uri()).contains(":");
    assertThat(registry.staleness()).isPositive();
    assertThat(registry.problem()).isEmpty();
  }
}
