package io.liblink.bench.child;

import io.liblink.bench.load.Handled;
import io.liblink.bench.load.Span;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.Secrets;
import java.io.IOException;

/** Works, and counts what it worked on. */
final class WorkersRole implements Role {
  private final Handled handled;
  private final Pipeline.Workers workers;

  WorkersRole(Pipeline pipeline, int count, int credit, Secrets secrets) throws Exception {
    handled = new Handled(count);
    workers = pipeline.workers(handled.functions(), credit, secrets);
  }

  @Override
  public String introduction() {
    return Role.introduction(workers.address(), workers.processes());
  }

  @Override
  public String answer(String[] command) throws Exception {
    if (!command[0].equals("collect")) {
      throw Role.unknown(command);
    }
    return handled.collect(Workload.of(command[1]), Span.read(command[2])).write();
  }

  @Override
  public void close() throws IOException {
    workers.close();
  }
}
