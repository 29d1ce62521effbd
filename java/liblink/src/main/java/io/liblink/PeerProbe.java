package io.liblink;

import io.liblink.message.Address;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider;
import io.liblink.registry.local.NodeJson;
import io.liblink.routing.Candidate;
import io.liblink.routing.InstanceStates;
import io.liblink.transport.Link;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/** Asks a node at an address what it serves, through its built-in service. */
final class PeerProbe implements RegistryProvider.Probe {
  private final NodeCore core;

  PeerProbe(NodeCore core) {
    this.core = core;
  }

  @Override
  public CompletionStage<List<Instance>> ask(Address address) {
    return core.peers().dialed(address).thenCompose(link -> services(link, address));
  }

  private CompletionStage<List<Instance>> services(Link link, Address address) {
    Instance node = new Instance(
        BuiltIn.SERVICE,
        link.peer().node(),
        link.peer().instance(),
        List.of(address),
        "",
        link.peer().metadata(),
        true,
        0,
        List.of());
    // The route is only needed for its name and budget: the instance is chosen here.
    Candidate chosen =
        new Candidate(node, new InstanceStates(ThreadLocalRandom::current).of(node.id()));
    NodeJson json = new NodeJson(core.options().cluster);
    return core.caller()
        .call(
            core.routes().detached(BuiltIn.SERVICE),
            chosen,
            core.request(
                BuiltIn.SERVICE,
                "services",
                Message.empty(),
                core.options().timeouts.call().toNanos(),
                true,
                false),
            reply -> json.read(reply.payload(), node.id()));
  }
}
