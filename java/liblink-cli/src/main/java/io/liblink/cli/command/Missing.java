package io.liblink.cli.command;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Nearest;
import io.liblink.registry.Endpoint;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says that a service is not there, and which was probably meant. */
final class Missing {
  private Missing() {}

  /** The failure for a service without an instance that fits. */
  static LinkException service(Node node, String name, @Nullable String where) {
    Explanation found = node.service(name).explain();
    String problem;
    if (!found.problem().isEmpty() || !found.skipped().isEmpty()) {
      problem = found.summary(); // which says that, too
    } else if (found.instances().isEmpty()) {
      problem = "nobody serves '" + name + "' in cluster '" + node.cluster() + "'";
    } else {
      problem = "no instance of '" + name + "' fits" + (where == null ? "" : " " + where);
    }
    return LinkException.failure(Status.UNAVAILABLE, Stage.DISCOVER, problem + meant(node, name))
        .build();
  }

  /** Adds what was probably meant to a failure to discover; others stay as they are. */
  static LinkException explained(Node node, String name, LinkException failure) {
    if (failure.stage() != Stage.DISCOVER || failure.status() != Status.UNAVAILABLE) {
      return failure;
    }
    String meant = meant(node, name);
    return meant.isEmpty()
        ? failure
        : failure.toBuilder().problem(failure.problem() + meant).build();
  }

  /** Adds which endpoint of the service was probably meant to a failure that says it has no such. */
  static LinkException explained(
      RemoteService service, Endpoint.Kind kind, String name, LinkException failure) {
    if (failure.status() != Status.UNIMPLEMENTED) {
      return failure;
    }
    String meant = meant(service, kind, name);
    return meant.isEmpty()
        ? failure
        : failure.toBuilder().problem(failure.problem() + meant).build();
  }

  /** Which endpoint was probably meant, to be added to a sentence; empty when it is there. */
  static String meant(RemoteService service, Endpoint.Kind kind, String name) {
    Set<String> known = new TreeSet<>();
    try {
      service
          .instances()
          .forEach(i -> i.endpoints().stream()
              .filter(e -> e.kind() == kind)
              .forEach(e -> known.add(e.name())));
    } catch (LinkException e) {
      return "";
    }
    return meant(known, name);
  }

  /** What was probably meant by a service that nobody serves, to be added to a sentence. */
  static String meant(Node node, String name) {
    try {
      return meant(node.services(), name);
    } catch (LinkException e) {
      return "";
    }
  }

  private static String meant(Set<String> known, String name) {
    String near = known.contains(name) ? null : Nearest.of(name, known);
    return near == null ? "" : "; did you mean '" + near + "'?";
  }
}
