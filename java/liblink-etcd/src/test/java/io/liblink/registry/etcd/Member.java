package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.Views;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A node as far as its registry is concerned. */
final class Member implements AutoCloseable {
  final Context context;
  final EtcdRegistry registry;

  private Member(Context context, EtcdRegistry registry) {
    this.context = context;
    this.registry = registry;
  }

  static Member join(String node, String uri) {
    return join(node, uri, Map.of());
  }

  static Member join(String node, String uri, Map<String, String> environment) {
    Context context = Samples.context(
        node,
        NodeId.random(),
        a -> CompletableFuture.failedStage(new IllegalStateException("nobody is asked")));
    return new Member(context, EtcdRegistry.open(EtcdUri.parse(uri, environment), context));
  }

  Instance instance(String service) {
    // One address for each node, lest one takes the place of the other.
    return Samples.instance(service, context, 1 + (int) (context.id().low() & 0x7fff));
  }

  /** Announces it and waits until etcd has it. */
  Instance announce(String service) {
    Instance instance = instance(service);
    Await.get(registry.announce(instance));
    return instance;
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
}
