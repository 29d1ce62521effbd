package io.liblink.bench.child;

import io.liblink.bench.load.Publishing;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.PubSub;
import java.io.IOException;

/** Publishes; serves and drives. */
final class PublisherRole implements Role {
  private final PubSub.Publisher publisher;
  private final Publishing publishing;

  PublisherRole(PubSub.Publisher publisher) {
    this.publisher = publisher;
    this.publishing = new Publishing(publisher);
  }

  @Override
  public String introduction() {
    return Role.introduction(publisher.address(), publisher.processes());
  }

  @Override
  public String answer(String[] command) throws Exception {
    if (!command[0].equals("run")) {
      throw Role.unknown(command);
    }
    return publishing
        .run(Workload.of(command[1]), Double.parseDouble(command[2]))
        .write();
  }

  @Override
  public void close() throws IOException {
    publisher.close();
  }
}
