package io.liblink.registry.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.registry.dns.Resolver.Srv;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A DNS in memory, peers in memory, and a clock that is turned. */
class DnsRegistryTest {
  private static final String NAME = "_pricing._tcp.example.test";

  private final Names dns = new Names();
  private final Map<Address, List<Instance>> peers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong clock = new AtomicLong(1);
  private final DnsRegistry registry = start();

  /** What DNS knows, and how often it was asked. */
  private static final class Names implements Resolver {
    private final Map<String, List<Srv>> records = new ConcurrentHashMap<>();
    private final Map<String, List<String>> hosts = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger hostLookups = new AtomicInteger();
    private volatile String failure = "";
    private volatile String hostFailure = "";

    @Override
    public @Nullable List<Srv> srv(String name) throws DnsException {
      lookups.incrementAndGet();
      fail();
      return records.get(name);
    }

    @Override
    public @Nullable List<String> addresses(String name) throws DnsException {
      hostLookups.incrementAndGet();
      fail();
      if (!hostFailure.isEmpty()) {
        throw new DnsException(hostFailure);
      }
      return hosts.get(name);
    }

    private void fail() throws DnsException {
      if (!failure.isEmpty()) {
        throw new DnsException(failure);
      }
    }
  }

  private DnsRegistry start() {
    TimeSource time = new TimeSource() {
      @Override
      public long nanos() {
        return clock.get();
      }

      @Override
      public long wallMillis() {
        return 0;
      }
    };
    Context context = new Context("shop", "me", NodeId.random(), time, this::ask);
    DnsRegistry made = new DnsRegistry(DnsUri.parse("dns:example.test"), dns, context, () -> 0.5);
    made.start();
    return made;
  }

  private CompletionStage<List<Instance>> ask(Address address) {
    asked.incrementAndGet();
    List<Instance> there = peers.get(address);
    return there != null
        ? CompletableFuture.completedStage(there)
        : CompletableFuture.failedStage(
            LinkException.failure(Status.UNAVAILABLE, Stage.CONNECT, "connection refused")
                .build());
  }

  @AfterEach
  void end() {
    registry.close();
  }

  /** A node at {@code host.example.test} that serves it, found by a record. */
  private Instance node(String host, int priority, int weight) {
    return node("pricing", host, priority, weight);
  }

  private Instance node(String service, String host, int priority, int weight) {
    String target = host + ".example.test";
    Address address = new Address("10.0.0." + (1 + dns.hosts.size()), 7400);
    dns.hosts.put(target, List.of(address.host()));
    Instance instance =
        Samples.instance(service, Samples.context(host), 7400).withAddresses(List.of(address));
    peers.put(address, List.of(instance));
    record(new Srv(priority, weight, 7400, target));
    return instance.withWeight(weight);
  }

  private void record(Srv... more) {
    List<Srv> all = new ArrayList<>(dns.records.getOrDefault(NAME, List.of()));
    all.addAll(List.of(more));
    dns.records.put(NAME, all);
  }

  private void advance(Duration by) {
    clock.addAndGet(by.toNanos());
  }

  /**
   * Lets time pass, a second at a time, until it holds. An answer that was under way when the clock
   * was turned counts from then on, so turning once may not be enough.
   */
  private void pass(String what, BooleanSupplier holds) {
    long start = System.nanoTime();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(Await.LONG.toNanos());
      advance(Duration.ofSeconds(1));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private View passUntil(Views seen, String what, Predicate<View> like) {
    pass(what, () -> like.test(seen.last()));
    return seen.last();
  }

  private View passUntil(Views seen, Instance... exactly) {
    List<Instance> list = List.of(exactly);
    return passUntil(
        seen,
        "a view of " + list,
        v -> v.instances().size() == list.size() && v.instances().containsAll(list));
  }

  private Views watch() {
    Views views = new Views();
    registry.watch("pricing", views);
    return views;
  }

  private static List<Integer> weights(View view) {
    return view.instances().stream().map(Instance::weight).toList();
  }

  @Test
  void theBuiltInServiceIsWhereverAnythingElseWasFound() {
    Instance pricing = node("a", 0, 0);
    Instance builtIn = new Instance(
        "liblink",
        pricing.node(),
        pricing.id(),
        pricing.addresses(),
        "",
        Map.of(),
        true,
        0,
        List.of());
    peers.put(pricing.addresses().get(0), List.of(pricing, builtIn));
    Views seenPricing = new Views();
    Views seen = new Views();
    registry.watch("pricing", seenPricing);
    registry.watch("liblink", seen);

    passUntil(seenPricing, "pricing is found", v -> v.instances().size() == 1);
    View view = passUntil(seen, "so is what is built in", v -> v.instances().size() == 1);
    assertThat(view.instances().get(0).id()).isEqualTo(pricing.id());
    assertThat(view.skipped()).isEmpty();
    assertThat(registry.problem()).isEmpty();
  }

  @Test
  void nobodyIsAskedWhileNobodyWants() {
    Await.get(registry.services());
    assertThat(dns.lookups).hasValue(0);
    assertThat(asked).hasValue(0);
  }

  @Test
  void recordsSayWhereAndPeersWho() {
    Instance a = node("a", 0, 5);
    Instance b = node("b", 0, 3);
    assertThat(watch().await(a, b).problem()).isEmpty();
  }

  @Test
  void recordsThatAllHaveNoWeightAreEqual() {
    node("a", 0, 0);
    node("b", 0, 0);
    Views seen = watch();
    seen.await("both", v -> v.instances().size() == 2);
    assertThat(weights(seen.last())).containsExactly(1, 1);
  }

  @Test
  void oneWithoutWeightAmongOthersIsForWhenTheyAreGone() {
    node("a", 0, 0);
    node("b", 0, 7);
    Views seen = watch();
    seen.await("both", v -> v.instances().size() == 2);
    assertThat(weights(seen.last())).containsExactly(0, 7);
  }

  @Test
  void higherPrioritiesAreForWhenTheLowerAreNotThere() {
    Instance primary = node("primary", 1, 4);
    Instance backup = node("backup", 2, 6);
    Views seen = watch();
    seen.await(primary, backup.withWeight(0));

    List<Instance> before = peers.remove(primary.addresses().get(0));
    passUntil(seen, primary.withWeight(0), backup);

    peers.put(primary.addresses().get(0), before);
    passUntil(seen, primary, backup.withWeight(0));

    peers.put(primary.addresses().get(0), List.of(primary.withReady(false)));
    passUntil(seen, primary.withReady(false).withWeight(0), backup);
  }

  @Test
  void aNodeThatIsFoundTwiceIsThereOnceWithTheBetterRecord() {
    Instance a = node("a", 2, 9);
    dns.hosts.put("other.example.test", List.of("10.1.1.1"));
    Address other = new Address("10.1.1.1", 7400);
    peers.put(other, List.of(a));
    record(new Srv(1, 4, 7400, "other.example.test"));
    Views seen = watch();
    View view = seen.await(
        "one",
        v -> v.instances().size() == 1 && v.instances().get(0).addresses().size() == 2);
    assertThat(weights(view)).containsExactly(4);
    assertThat(view.instances().get(0).addresses())
        .contains(other, a.addresses().get(0));
  }

  @Test
  void aNameThatVanishesIsNotBelievedAtOnce() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);

    dns.records.clear();
    View kept = passUntil(seen, "kept", v -> v.problem().contains("there is no such name"));
    assertThat(kept.instances()).containsExactly(a);
    assertThat(kept.problem()).contains("kept until back");

    View gone = passUntil(seen, "gone in the end", v -> v.instances().isEmpty());
    assertThat(gone.problem()).isEmpty();
    assertThat(gone.skipped()).singleElement().matches(s -> s.what().equals(NAME));
  }

  @Test
  void aNameThatComesBackInTimeTookNothingAway() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    Map<String, List<Srv>> before = Map.copyOf(dns.records);
    dns.records.put(NAME, List.of());
    passUntil(seen, "kept", v -> v.problem().contains("it has no SRV records"));
    dns.records.putAll(before);
    passUntil(seen, "well", v -> v.problem().isEmpty());
    assertThat(seen.all()).allMatch(v -> v.instances().equals(List.of(a)));
  }

  @Test
  void whoseNameVanishedAndWhoRefusesIsGone() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    dns.records.clear();
    peers.clear();
    passUntil(seen, "gone", v -> v.instances().isEmpty());
  }

  @Test
  void aDomainThatDecidedlyHasNoSuchServiceIsBelievedAtOnce() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    dns.records.put(NAME, List.of(new Srv(0, 0, 0, "")));
    View view = passUntil(seen, "nobody", v -> v.instances().isEmpty());
    assertThat(view.skipped()).anyMatch(s -> s.reason().contains("no such service"));
  }

  @Test
  void oneRecordLessIsBelievedAtOnce() {
    Instance a = node("a", 0, 1);
    Instance b = node("b", 0, 1);
    Views seen = watch();
    seen.await(a, b);
    dns.records.put(NAME, List.of(new Srv(0, 1, 7400, "b.example.test")));
    passUntil(seen, b);
  }

  @Test
  void mostRecordsLessAreNotBelievedAtOnce() {
    List<Instance> all = List.of(
        node("a", 0, 1), node("b", 0, 1), node("c", 0, 1), node("d", 0, 1), node("e", 0, 1));
    Views seen = watch();
    seen.await("all", v -> v.instances().size() == 5);
    dns.records.put(NAME, List.of(new Srv(0, 1, 7400, "b.example.test")));
    passUntil(seen, "a word of it", v -> v.problem().contains("4 instances vanished"));
    assertThat(seen.instances()).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void whoeverSaysThatItServesNoMoreIsBelievedHoweverMany() {
    List<Instance> all = List.of(node("a", 0, 1), node("b", 0, 1), node("c", 0, 1));
    Views seen = watch();
    seen.await("all", v -> v.instances().size() == 3);
    all.forEach(i -> peers.put(i.addresses().get(0), List.of()));
    passUntil(seen, "nobody", v -> v.instances().isEmpty());
    assertThat(seen.all()).as("without a doubt").allMatch(v -> v.problem().isEmpty());
  }

  @Test
  void aFailureIsNoAnswer() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    dns.failure = "DNS at 10.0.0.53: no answer";
    View view = passUntil(seen, "a problem", v -> !v.problem().isEmpty());
    assertThat(view.instances()).containsExactly(a);
    assertThat(view.problem()).isEqualTo("DNS at 10.0.0.53: no answer");
    assertThat(view.asOfNanos()).as("when it was well last").isLessThan(clock.get());
    assertThat(registry.problem()).contains("no answer");

    dns.failure = "";
    passUntil(seen, "well", v -> v.problem().isEmpty());
  }

  @Test
  void aFailureFromTheStartIsSaid() {
    dns.failure = "DNS at 10.0.0.53: no answer";
    View view = watch().await("a problem", v -> !v.problem().isEmpty());
    assertThat(view.instances()).isEmpty();
  }

  @Test
  void aPeerThatFallsSilentBringsTheNextLookupForward() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    // It moved: DNS knows the new address, and the peer is no longer at the old one.
    Address moved = new Address("10.9.9.9", 7400);
    List<Instance> there = peers.remove(a.addresses().get(0));
    peers.put(moved, List.of(there.get(0).withAddresses(List.of(moved))));
    dns.hosts.put("a.example.test", List.of("10.9.9.9"));
    pass(
        "found where it is",
        () -> seen.instances().size() == 1
            && seen.instances().get(0).addresses().get(0).equals(moved));
  }

  @Test
  void suspicionIsLookedIntoAtOnceAndNotOftenerThanOnceASecond() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    advance(Duration.ofMillis(1200));
    int lookups = dns.lookups.get();
    int questions = asked.get();
    for (int i = 0; i < 1000; i++) {
      registry.suspect(a);
    }
    Await.until("one lookup", dns.lookups::get, () -> dns.lookups.get() == lookups + 1);
    Await.until("one question", asked::get, () -> asked.get() == questions + 1);
    for (int i = 0; i < 1000; i++) {
      registry.suspect(a);
    }
    Await.get(registry.services());
    assertThat(dns.lookups.get()).isEqualTo(lookups + 1);
    pass("the next", () -> dns.lookups.get() == lookups + 2);
  }

  @Test
  void whoIsSilentForLongIsLeftOut() {
    Instance a = node("a", 0, 1);
    Instance b = node("b", 0, 1);
    Views seen = watch();
    seen.await(a, b);
    peers.remove(a.addresses().get(0));
    long since = clock.get();
    pass("it is left out", () -> seen.instances().equals(List.of(b)));
    assertThat(clock.get() - since).isGreaterThan(Choice.SILENT_NANOS - 5_000_000_000L);
    View view = seen.last();
    assertThat(view.skipped())
        .singleElement()
        .matches(s ->
            s.reason().contains("does not answer") && s.reason().contains("connection refused"));
  }

  @Test
  void whatIsNoInstanceIsSkippedWithAReason() {
    Instance a = node("a", 0, 1);
    node("billing", "b", 0, 1);
    record(
        new Srv(0, 1, 7400, "nowhere.example.test"),
        new Srv(0, 1, 0, "a.example.test"),
        new Srv(0, 1, 7401, "a.example.test"));
    Views seen = watch();
    View view = seen.await("all four", v -> v.skipped().size() == 4);
    assertThat(view.instances()).containsExactly(a);
    assertThat(view.skipped())
        .anyMatch(s -> s.what().equals("b.example.test:7400")
            && s.reason().contains("does not serve 'pricing'"))
        .anyMatch(s -> s.what().startsWith("nowhere") && s.reason().contains("no address"))
        .anyMatch(s -> s.what().endsWith(":0") && s.reason().contains("nowhere"))
        .anyMatch(s -> s.what().endsWith(":7401") && s.reason().contains("connection refused"));
    assertThat(view.problem()).isEmpty();
  }

  @Test
  void aServiceThatIsServedHereAndNotInDnsIsSaid() {
    Await.get(registry.announce(Samples.instance("pricing", Samples.context("me"), 7400)));
    Await.until(
        "it is said",
        registry::problem,
        () -> registry.problem().contains("'pricing' is served here and not in DNS"));
    assertThat(asked).as("peers of nobody's interest").hasValue(0);
    Await.get(registry.withdraw("pricing"));
    Await.until("no longer", registry::problem, () -> registry.problem().isEmpty());
  }

  @Test
  void addressesOfTargetsAreNotAskedForEachTime() {
    Instance a = node("a", 0, 1);
    Views seen = watch();
    seen.await(a);
    int before = dns.lookups.get();
    int hosts = dns.hostLookups.get();
    long since = clock.get();
    pass("again", () -> dns.hostLookups.get() > hosts);
    assertThat(clock.get() - since).isGreaterThan(Lookups.HOST_NANOS - 5_000_000_000L);
    assertThat(dns.lookups.get()).as("lookups of the name meanwhile").isGreaterThan(before + 1);
  }

  @Test
  void targetsThatCanNotBeLookedUpAreWhereTheyWereAndAskedForOnce() {
    Instance a = node("a", 0, 1);
    Instance b = node("b", 0, 1);
    Views seen = watch();
    seen.await(a, b);
    dns.hostFailure = "DNS at 10.0.0.53: no answer";
    int hosts = dns.hostLookups.get();
    int lookups = dns.lookups.get();
    pass("lookups", () -> dns.lookups.get() > lookups + 10);
    assertThat(dns.hostLookups.get() - hosts)
        .as("one for each lookup of the name")
        .isLessThanOrEqualTo(dns.lookups.get() - lookups);
    assertThat(seen.all()).allMatch(v -> v.problem().isEmpty());
    assertThat(seen.instances()).containsExactly(a, b);
  }

  @Test
  void plainAddressesWillDoWhenThePortIsKnown() {
    dns.hosts.put("pricing.example.test", List.of("10.0.0.1", "::1"));
    Instance a = Samples.instance("pricing", Samples.context("a"), 7400)
        .withAddresses(List.of(new Address("10.0.0.1", 7400)));
    Context context = Samples.context(
        "me",
        NodeId.random(),
        address -> address.host().equals("::1")
            ? CompletableFuture.failedStage(new IllegalStateException("no"))
            : CompletableFuture.completedStage(List.of(a)));
    DnsRegistry other =
        new DnsRegistry(DnsUri.parse("dns:{service}.example.test:7400"), dns, context, () -> 0.5);
    other.start();
    try {
      Views seen = new Views();
      other.watch("pricing", seen);
      assertThat(seen.await(a).skipped()).singleElement().matches(s -> s.what().contains("::1"));
    } finally {
      other.close();
    }
  }
}
