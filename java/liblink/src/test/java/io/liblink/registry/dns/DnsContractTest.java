package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryContract;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Every name leads to the same six addresses, whose peers answer from memory and are asked every
 * 20 ms.
 */
class DnsContractTest extends RegistryContract {
  private static final int PORTS = 6;

  private World world;

  @Override
  protected World world() {
    world = new Network();
    return world;
  }

  /** DNS lists no names, so only those are known that somebody asked for, and what is found there. */
  @Test
  @Override
  public void theNamesOfAllServicesAreKnown() {
    Member a = world.join("a");
    Member b = world.join("b");
    a.announce(a.instance("pricing"));
    a.announce(a.instance("billing"));
    b.registry().watch("pricing", v -> {});
    Await.until(
        "both services, of which one was asked for",
        () -> Await.get(b.registry().services()),
        () -> Await.get(b.registry().services()).equals(Set.of("billing", "pricing")));
  }

  private static final class Network implements World, Resolver {
    private final Map<Address, Map<String, Instance>> served = new ConcurrentHashMap<>();
    private final List<Member> members = new ArrayList<>();

    private Network() {
      for (int i = 0; i < PORTS; i++) {
        served.put(new Address("127.0.0.1", 7000 + i), Map.of());
      }
    }

    @Override
    public List<Srv> srv(String name) {
      List<Srv> records = new ArrayList<>();
      for (int i = 0; i < PORTS; i++) {
        records.add(new Srv(0, 0, 7000 + i, "host"));
      }
      return records;
    }

    @Override
    public List<String> addresses(String name) {
      return List.of("127.0.0.1");
    }

    @Override
    public Member join(String node) {
      Address address = new Address("127.0.0.1", 7000 + members.size());
      Context context = Samples.context(
          node,
          NodeId.random(),
          a -> CompletableFuture.completedStage(List.copyOf(served.get(a).values())));
      DnsRegistry registry = new DnsRegistry(
          DnsUri.parse("dns:example.test"), this, context, () -> 0.5, Duration.ofMillis(20));
      registry.start();
      Member member = new There(served, address, context, registry);
      served.put(address, new ConcurrentHashMap<>());
      members.add(member);
      return member;
    }

    @Override
    public void close() {
      members.forEach(Member::close);
    }
  }

  private record There(
      Map<Address, Map<String, Instance>> served,
      Address address,
      Context context,
      Registry registry)
      implements Member {
    @Override
    public void announce(Instance instance) {
      served.get(address).put(instance.service(), instance);
      Await.get(registry.announce(instance));
    }

    @Override
    public void withdraw(String service) {
      served.get(address).remove(service);
      Await.get(registry.withdraw(service));
    }

    @Override
    public void close() {
      served.put(address, new ConcurrentHashMap<>());
      registry.close();
    }

    @Override
    public Instance instance(String service) {
      return Samples.instance(service, context, address.port());
    }
  }
}
