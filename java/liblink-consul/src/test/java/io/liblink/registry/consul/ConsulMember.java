package io.liblink.registry.consul;

import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryContract;
import io.liblink.registry.RegistryProvider;
import io.liblink.registry.Samples;
import io.liblink.registry.Views;
import io.liblink.time.TimeSource;
import java.util.concurrent.CompletableFuture;

/** A node as far as a registry knows. */
final class ConsulMember implements RegistryContract.Member, AutoCloseable {
  private static int port = 7400;

  private final RegistryProvider.Context context;
  private final ConsulRegistry registry;
  private final int its;

  ConsulMember(String uri, String cluster, String node) {
    this.context = new RegistryProvider.Context(
        cluster,
        node,
        NodeId.random(),
        TimeSource.system(),
        a -> CompletableFuture.failedStage(new IllegalStateException("nobody is asked here")));
    this.registry = ConsulRegistry.open(uri, name -> "", context);
    synchronized (ConsulMember.class) {
      this.its = port++;
    }
  }

  @Override
  public ConsulRegistry registry() {
    return registry;
  }

  @Override
  public RegistryProvider.Context context() {
    return context;
  }

  @Override
  public void announce(Instance instance) {
    Await.get(registry.announce(instance));
  }

  @Override
  public void withdraw(String service) {
    Await.get(registry.withdraw(service));
  }

  Views watch(String service) {
    Views views = new Views();
    registry.watch(service, views);
    return views;
  }

  @Override
  public void close() {
    registry.close();
  }

  /** As others see it: in the datacenter of the agent. */
  @Override
  public Instance instance(String service) {
    Instance i = Samples.instance(service, context, its);
    return new Instance(
        i.service(),
        i.node(),
        i.id(),
        i.addresses(),
        i.version(),
        i.metadata(),
        i.ready(),
        i.startedMillis(),
        i.endpoints(),
        1,
        "dc1",
        "");
  }
}
