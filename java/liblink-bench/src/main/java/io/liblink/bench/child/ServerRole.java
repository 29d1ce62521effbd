package io.liblink.bench.child;

import io.liblink.bench.peers.Peer;
import java.io.IOException;

/** Answers calls. Is told {@code gc}. */
record ServerRole(Peer.Server server) implements Role {
  @Override
  public String introduction() {
    return Role.introduction(server.address(), server.processes());
  }

  @Override
  public String answer(String[] command) throws Exception {
    if (!command[0].equals("gc")) {
      throw Role.unknown(command);
    }
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
