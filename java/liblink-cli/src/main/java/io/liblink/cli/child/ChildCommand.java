package io.liblink.cli.child;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.registry.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * What a child process runs: a service of the demonstration or of the bench, until its standard
 * input ends. Prints its address when it is ready.
 */
public final class ChildCommand implements Command {
  /** The deadline of calls: ample, for machines that do ten other things. */
  public static final Duration CALL = Duration.ofSeconds(20);

  private final Map<String, Function<Node, Service>> services;

  /** For these services; each gets the node to call others through. */
  public ChildCommand(Map<String, Function<Node, Service>> services) {
    this.services = Map.copyOf(services);
  }

  @Override
  public Shape shape() {
    return Shape.of("child", "a service of the demonstration or of the bench")
        .parameters("SERVICE", "NODE")
        .hide();
  }

  @Override
  public int run(Invocation call) throws IOException {
    Function<Node, Service> make = services.get(call.arguments().get(0));
    if (make == null) {
      throw new UsageException("no child serves '" + call.arguments().get(0) + "'");
    }
    try (Node node = Node.join(call.settings()
        .node()
        .name(call.arguments().get(1))
        .bind("127.0.0.1:0")
        .timeouts(t -> t.call(CALL)))) {
      Instance instance = node.serve(make.apply(node)).instance();
      // On a machine that is busy, others may not see it yet.
      node.service(instance.service()).to(instance.id().toString()).awaitReady(1, CALL);
      call.console().line(node.addresses().get(0).toString());
      InputStream in = call.console().in();
      while (in.read() >= 0) {
        // until whoever started this process ends
      }
    }
    return 0;
  }
}
