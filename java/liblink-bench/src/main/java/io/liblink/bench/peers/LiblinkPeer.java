package io.liblink.bench.peers;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Address;
import java.time.Duration;

/**
 * liblink by its public API with everything on: identity checked, deadlines, counters, trace
 * context. The handler is declared non-blocking, or is an ordinary one.
 */
final class LiblinkPeer implements Peer {
  private static final String SERVICE = "bench";
  private static final String METHOD = "echo";
  /** What takes long is not declared non-blocking: 16 MiB are copied into one array. */
  private static final String BULK = "bulk";

  private static final int BULK_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final boolean ordinary;

  LiblinkPeer(boolean ordinary) {
    this.ordinary = ordinary;
  }

  @Override
  public Server serve(Secrets secrets) throws Exception {
    String address = LiblinkNodes.freeAddress();
    LiblinkNodes.makeKey(secrets);
    Node node = Node.join(LiblinkNodes.options("bench-server", address, secrets).bind(address));
    Trait[] traits = ordinary ? new Trait[0] : new Trait[] {Trait.NON_BLOCKING};
    node.serve(Service.named(SERVICE)
        .method(METHOD, byte[].class, Echo::answer, traits)
        .method(BULK, byte[].class, Echo::answer));
    return new Server() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public void close() {
        node.close(Duration.ZERO);
      }
    };
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    NodeOptions options = LiblinkNodes.options("bench-client", address, secrets);
    return () -> {
      Node node = Node.join(options);
      return new NodeLink(node, node.service(SERVICE).timeout(PATIENCE));
    };
  }

  @Override
  public Dialer manyDialer(String address, Secrets secrets) throws Exception {
    return LiblinkLinks.dialer(
        LiblinkNodes.CLUSTER,
        SERVICE + "/" + METHOD,
        Address.parse(address),
        LiblinkNodes.key(secrets));
  }

  private record NodeLink(Node node, RemoteService service) implements Link {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the reply hears of every outcome
    public void call(byte[] request, Reply reply) {
      String method = request.length < BULK_BYTES ? METHOD : BULK;
      service.callAsync(method, request, byte[].class).whenComplete((answer, failure) -> {
        if (failure != null) {
          reply.failed(failure);
        } else {
          reply.arrived(answer);
        }
      });
    }

    @Override
    public byte[] call(byte[] request) {
      return service.call(METHOD, request, byte[].class);
    }

    @Override
    public void close() {
      node.close(Duration.ZERO);
    }
  }
}
