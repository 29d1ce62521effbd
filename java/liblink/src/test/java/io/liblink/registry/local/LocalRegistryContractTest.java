package io.liblink.registry.local;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryContract;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class LocalRegistryContractTest extends RegistryContract {
  @TempDir
  Path temporary;

  @Override
  protected World world() {
    return new Machine("local:" + temporary.resolve("run"));
  }

  private static final class Machine implements World {
    private final String uri;
    private final List<Member> members = new ArrayList<>();

    private Machine(String uri) {
      this.uri = uri;
    }

    @Override
    public Member join(String node) {
      Context context = Samples.context(node);
      Member member = new Here(context, Registries.open(uri, context), 7000 + members.size());
      members.add(member);
      return member;
    }

    @Override
    public void close() {
      members.forEach(Member::close);
    }
  }

  private record Here(Context context, Registry registry, int port) implements Member {
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
