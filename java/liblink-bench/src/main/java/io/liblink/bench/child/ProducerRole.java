package io.liblink.bench.child;

import io.liblink.bench.load.Pushing;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.Secrets;

/** Pushes; drives. */
final class ProducerRole implements Role {
  private final Pushing pushing;

  ProducerRole(Pipeline pipeline, String address, int workers, int credit, Secrets secrets)
      throws Exception {
    pushing = new Pushing(pipeline, address, workers, credit, secrets);
  }

  @Override
  public String answer(String[] command) throws Exception {
    if (!command[0].equals("run")) {
      throw Role.unknown(command);
    }
    return pushing.run(Workload.of(command[1]), Double.parseDouble(command[2])).write();
  }
}
