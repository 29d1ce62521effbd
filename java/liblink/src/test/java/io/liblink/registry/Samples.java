package io.liblink.registry;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Instances and contexts for tests. */
public final class Samples {
  private Samples() {}

  /** A node's context whose probe reaches nobody. */
  public static RegistryProvider.Context context(String node) {
    return context(
        node,
        NodeId.random(),
        a -> CompletableFuture.failedStage(new IllegalStateException("nobody is asked here")));
  }

  /** A node's context. */
  public static RegistryProvider.Context context(
      String node, NodeId id, RegistryProvider.Probe probe) {
    return new RegistryProvider.Context("shop", node, id, TimeSource.system(), probe);
  }

  /** An instance with something in every field. */
  public static Instance instance(String service, RegistryProvider.Context c, int port) {
    return new Instance(
        service,
        c.node(),
        c.id(),
        List.of(new Address("127.0.0.1", port), new Address("::1", port)),
        "1.2.3",
        Map.of("zone", "eu", "note", "schön \"quoted\" \u2603\ud83d\ude80\n"),
        true,
        1_732_000_000_123L,
        List.of(
            new Endpoint("quote", Endpoint.Kind.METHOD, true),
            new Endpoint("changed.prices", Endpoint.Kind.TOPIC, false),
            new Endpoint("recalculate", Endpoint.Kind.QUEUE, false)));
  }
}
