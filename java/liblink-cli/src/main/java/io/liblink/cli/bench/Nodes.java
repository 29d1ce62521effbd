package io.liblink.cli.bench;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.cli.command.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The nodes of one measurement, all in this process, closed together. Not thread-safe. */
final class Nodes implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final Function<String, NodeOptions> options;
  private final @Nullable TemporaryCluster cluster;
  private final Deque<Node> nodes = new ArrayDeque<>();

  private Nodes(Function<String, NodeOptions> options, @Nullable TemporaryCluster cluster) {
    this.options = options;
    this.cluster = cluster;
  }

  /** In a cluster of their own. */
  static Nodes own() throws IOException {
    TemporaryCluster cluster = TemporaryCluster.create("bench");
    return new Nodes(cluster::options, cluster);
  }

  /** In the user's cluster. */
  static Nodes of(Settings settings) {
    return new Nodes(name -> settings.node(), null);
  }

  /** One more; in a cluster of their own it has that name. */
  Node join(String name) {
    Node node = Node.join(options.apply(name));
    nodes.push(node);
    return node;
  }

  @Override
  public void close() {
    try {
      nodes.forEach(n -> n.close(DRAIN));
    } finally {
      if (cluster != null) {
        cluster.close();
      }
    }
  }
}
