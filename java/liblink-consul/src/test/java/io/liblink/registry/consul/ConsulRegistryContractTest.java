package io.liblink.registry.consul;

import io.liblink.registry.RegistryContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every registry does, with a real agent. */
class ConsulRegistryContractTest extends RegistryContract {
  private static ConsulAgent agent;
  private static int worlds;

  @BeforeAll
  static void startAgent() {
    agent = ConsulAgent.start();
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  @Override
  protected World world() {
    String cluster = "shop-" + worlds++;
    List<ConsulMember> members = new ArrayList<>();
    return new World() {
      @Override
      public Member join(String node) {
        ConsulMember member = new ConsulMember(agent.uri(), cluster, node);
        members.add(member);
        return member;
      }

      @Override
      public void close() {
        members.forEach(ConsulMember::close);
      }
    };
  }
}
