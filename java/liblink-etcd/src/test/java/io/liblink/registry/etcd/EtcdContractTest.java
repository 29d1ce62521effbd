package io.liblink.registry.etcd;

import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryContract;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every registry does, with a real etcd; each test has a prefix of its own. */
class EtcdContractTest extends RegistryContract {
  private static EtcdServer server;
  private static int worlds;

  @BeforeAll
  static void start() {
    server = EtcdServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected World world() {
    String uri = "etcd://" + server.address() + "/test-" + ++worlds + "?ttl=2s";
    List<Member> members = new ArrayList<>();
    return new World() {
      @Override
      public Member join(String node) {
        Context context = Samples.context(
            node,
            NodeId.random(),
            a -> CompletableFuture.failedStage(new IllegalStateException("nobody is asked")));
        Registry registry = EtcdRegistry.open(EtcdUri.parse(uri, Map.of()), context);
        There member = new There(registry, context, 7000 + members.size());
        members.add(member);
        return member;
      }

      @Override
      public void close() {
        members.forEach(Member::close);
      }
    };
  }

  private record There(Registry registry, Context context, int port)
      implements RegistryContract.Member {
    @Override
    public void announce(Instance instance) {
      Await.get(registry.announce(instance));
    }

    @Override
    public void withdraw(String service) {
      Await.get(registry.withdraw(service));
    }

    @Override
    public void close() {
      registry.close();
    }

    @Override
    public Instance instance(String service) {
      return Samples.instance(service, context, port);
    }
  }
}
