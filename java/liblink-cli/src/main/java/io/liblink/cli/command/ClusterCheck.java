package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Request;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.cli.command.CheckCommand.Report;
import io.liblink.cli.output.Figures;
import io.liblink.message.Address;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is tried out: a node joins and announces a service of its own, a second one finds it in the
 * registry and calls it, a third dials what it advertises. All through the public API.
 */
final class ClusterCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long MOST_SKEW_MILLIS = 60_000;
  private static final int MOST_PEERS = 5;

  private final Invocation call;
  private final Report report;
  private final NodeOptions options;
  private final String name;

  /** What the node says of itself, when one of its addresses was reached. */
  private @Nullable NodeFacts facts;

  ClusterCheck(Invocation call, Report report, NodeOptions options) {
    this.call = call;
    this.report = report;
    this.options = options;
    this.name = "check-" + ProcessHandle.current().pid();
  }

  void run() {
    long start = call.time().nanos();
    try (Node node = Node.join(options)) {
      report.ok(
          "join", "as " + node.identity() + ", in " + Figures.time(call.time().nanos() - start));
      try (Served served = node.serve(Service.named(name).method("echo", Request::message))) {
        report.ok("listen", "at " + join(node.addresses()));
        registry(node.addresses(), served.instance());
        for (Address address : node.addresses()) {
          reach(address, served.instance());
        }

      } catch (LinkException e) {
        report.fail("listen", e.problem(), "--bind or LIBLINK_BIND sets where");
      }
    } catch (LinkException e) {
      report.fail("join", e.problem(), "'liblink errors " + e.status() + "' has causes and cures");
    } catch (RuntimeException e) {
      report.fail("join", String.valueOf(e.getMessage()), "");
    }
  }

  private static String join(List<Address> addresses) {
    return String.join(", ", addresses.stream().map(Address::toString).toList());
  }

  private void registry(List<Address> addresses, Instance instance) {
    try (Node other = call.settings().join()) {
      if (new RegistryCheck(call, report)
          .works(other, name, () -> registryProblem(addresses.get(0), instance))) {
        peers(other);
      }
    }
  }

  /** What the node that announces says of its registry; empty when it can't be asked. */
  private String registryProblem(Address address, Instance instance) {
    try (Node other = Node.join(caller(address))) {
      String problem = NodeFacts.ask(other, instance).registryProblem();
      return problem == null ? "" : problem;
    } catch (LinkException e) {
      return "";
    }
  }

  /** A node that knows one address, and no registry. */
  private NodeOptions caller(Address address) {
    return call.settings()
        .node()
        .registry("static:" + address)
        .bind("127.0.0.1:0")
        .advertise();
  }

  private void facts(NodeFacts facts) {
    if ("BoringSSL".equals(facts.tls())) {
      report.ok("tls", "BoringSSL");
    } else {
      report.warn(
          "tls",
          "the JDK's; BoringSSL's native library did not load",
          "it works the same, only slower");
    }
    if ("epoll".equals(facts.transport())) {
      report.ok("transport", "epoll");
    } else {
      report.warn(
          "transport",
          facts.transport() + "; epoll's native library did not load",
          "it works the same, only slower; on Linux it should load");
    }
  }

  /** Compares clocks with some other nodes. */
  private void peers(Node other) {
    Map<String, Instance> byId = new LinkedHashMap<>();
    for (String service : new TreeSet<>(other.services())) {
      if (!service.equals(name) && byId.size() < MOST_PEERS) {
        other.service(service).instances().forEach(i -> byId.putIfAbsent(i.id().toString(), i));
      }
    }
    long worst = 0;
    int asked = 0;
    for (Instance instance : byId.values()) {
      try {
        long before = call.time().wallMillis();
        long theirs = NodeFacts.ask(other, instance).wallMillis();
        long middle = (before + call.time().wallMillis()) / 2;
        worst = Math.max(worst, Math.abs(theirs - middle));
        asked++;
      } catch (LinkException e) {
        report.warn(
            "peer", instance.label() + ": " + e.problem(), "'liblink ping' asks all of them");
      }
    }
    clock(asked, worst);
  }

  private void clock(int asked, long worstMillis) {
    if (asked == 0) {
      report.skip("clock", "no other node to compare it with");
    } else if (worstMillis > MOST_SKEW_MILLIS) {
      report.warn(
          "clock",
          Figures.time(worstMillis * 1_000_000) + " apart from another node",
          "let NTP set the clocks; certificates fail when they are more than a day apart");
    } else {
      report.ok(
          "clock",
          "within "
              + Figures.time(Math.max(1, worstMillis) * 1_000_000)
              + " of "
              + Figures.count(asked, "other node"));
    }
  }

  /** Dials an advertised address as a peer would, through a registry that knows nothing else. */
  private void reach(Address address, Instance instance) {
    long start = call.time().nanos();
    try (Node other = Node.join(caller(address))) {
      other.service(NodeFacts.SERVICE).timeout(PATIENCE).call("ping", Message.empty());
      if (facts == null) {
        facts = NodeFacts.ask(other, instance);
        facts(facts);
      }
      report.ok(
          "reachable", address + " answers, in " + Figures.time(call.time().nanos() - start));
    } catch (LinkException e) {
      report.fail(
          "reachable",
          address + ": " + e.problem(),
          "others are told to dial that address: set --advertise to one they can reach");
    }
  }
}
