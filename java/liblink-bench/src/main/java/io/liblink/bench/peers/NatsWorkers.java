package io.liblink.bench.peers;

import java.util.List;

/** Workers behind a broker, which ends with them. */
record NatsWorkers(NatsBroker broker) implements Pipeline.Workers {
  @Override
  public String address() {
    return broker.address();
  }

  @Override
  public List<Long> processes() {
    return List.of(broker.pid());
  }

  @Override
  public void close() {
    broker.close();
  }
}
