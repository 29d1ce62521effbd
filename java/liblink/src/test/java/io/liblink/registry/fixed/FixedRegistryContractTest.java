package io.liblink.registry.fixed;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryContract;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The peers of these nodes answer from memory; the questions are asked every 20 ms. */
class FixedRegistryContractTest extends RegistryContract {
  private static final int PORTS = 6;

  @Override
  protected World world() {
    return new Network();
  }

  private static final class Network implements World {
    private final Map<Address, Map<String, Instance>> served = new ConcurrentHashMap<>();
    private final List<Address> addresses = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    private Network() {
      for (int i = 0; i < PORTS; i++) {
        Address address = new Address("127.0.0.1", 7000 + i);
        addresses.add(address);
        served.put(address, Map.of());
      }
    }

    @Override
    public Member join(String node) {
      Address address = addresses.get(members.size());
      Context context = Samples.context(node, NodeId.random(), this::ask);
      FixedRegistry registry = new FixedRegistry(
          "static:" + addresses, addresses, context, Duration.ofMillis(20), () -> 0.5);
      registry.start();
      Member member = new There(served, address, context, registry);
      served.put(address, new ConcurrentHashMap<>());
      members.add(member);
      return member;
    }

    private CompletionStage<List<Instance>> ask(Address address) {
      return CompletableFuture.completedStage(List.copyOf(served.get(address).values()));
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
      FixedRegistry registry)
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
