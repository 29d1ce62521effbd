package io.liblink.bench.child;

import io.liblink.bench.load.Deliveries;
import io.liblink.bench.load.Span;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.PubSub;

/** Subscribes on all its links before it is ready, and counts what arrives. */
final class SubscriberRole implements Role {
  private final Deliveries deliveries = new Deliveries();

  SubscriberRole(PubSub.Subscriber subscriber, int links) throws Exception {
    for (int i = 0; i < links; i++) {
      subscriber.subscribe(deliveries.link());
    }
  }

  @Override
  public String answer(String[] command) throws Exception {
    if (!command[0].equals("collect")) {
      throw Role.unknown(command);
    }
    return deliveries.collect(Workload.of(command[1]), Span.read(command[2])).write();
  }
}
