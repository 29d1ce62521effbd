package io.liblink.bench.child;

import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Peers;
import io.liblink.bench.peers.Secrets;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a process is in its workload. Of each pair one <em>serves</em>: it starts first and gives its
 * address to the other; and one <em>drives</em>: it is told {@code run WORKLOAD SECONDS}. Where the
 * other must compare what it got, it is told {@code collect WORKLOAD SPAN} next.
 */
interface Role extends AutoCloseable {
  /** What the process says when it is ready: {@code ADDRESS [PID…]} where it serves. */
  default String introduction() {
    return "";
  }

  /** Does what it was told, and gives the answer. */
  String answer(String[] command) throws Exception;

  @Override
  default void close() throws IOException {}

  /** The role of the first words of a command line: {@code ROLE WORKLOAD PEER}. */
  static Role of(String[] args, Secrets secrets) throws Exception {
    Workload workload = Workload.of(args[1]);
    String peer = args[2];
    int credit = Integer.getInteger(Pair.CREDIT, 2048);
    Peers peers = new Peers();
    if (args[0].equals("serving")) {
      return switch (workload.pattern()) {
        case CALL -> new ServerRole(peers.call(peer).serve(secrets));
        case PUBSUB -> new PublisherRole(peers.pubSub(peer).publisher(secrets));
        case PIPELINE, SPOOL ->
          new WorkersRole(
              peers.pipeline(workload.pattern(), peer), workload.parallel(), credit, secrets);
      };
    }
    String address = args[4];
    return switch (workload.pattern()) {
      case CALL -> new ClientRole(peers.call(peer), address, secrets);
      case PUBSUB ->
        new SubscriberRole(peers.pubSub(peer).subscriber(address, secrets), workload.parallel());
      case PIPELINE, SPOOL ->
        new ProducerRole(
            peers.pipeline(workload.pattern(), peer),
            address,
            workload.parallel(),
            credit,
            secrets);
    };
  }

  /** How a serving process introduces itself. */
  static String introduction(String address, List<Long> pids) {
    return address + pids.stream().map(pid -> " " + pid).collect(Collectors.joining());
  }

  /** The answer to what it can't do. */
  static IOException unknown(String[] command) {
    return new IOException("was told '" + String.join(" ", command) + "'");
  }
}
