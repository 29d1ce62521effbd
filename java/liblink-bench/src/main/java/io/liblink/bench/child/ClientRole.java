package io.liblink.bench.child;

import io.liblink.bench.load.Load;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Secrets;

/** Calls. Is told {@code run} and {@code open COUNT}. */
final class ClientRole implements Role {
  private final Load load;

  ClientRole(Peer peer, String address, Secrets secrets) {
    load = new Load(peer, address, secrets);
  }

  @Override
  public String answer(String[] command) throws Exception {
    switch (command[0]) {
      case "run" -> {
        return load.run(Workload.of(command[1]), Double.parseDouble(command[2])).write();
      }
      case "open" -> load.open(Integer.parseInt(command[1]));
      default -> throw Role.unknown(command);
    }
    return "";
  }
}
