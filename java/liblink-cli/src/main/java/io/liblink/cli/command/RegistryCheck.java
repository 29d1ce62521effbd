package io.liblink.cli.command;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.cli.command.CheckCommand.Report;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Tries out the registry: each kind as it is meant to be used, with words of its own for what is wrong. */
final class RegistryCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Addresses of a static: list that are tried. */
  private static final int MOST_ADDRESSES = 20;

  private final Invocation call;
  private final Report report;
  private final String uri;

  RegistryCheck(Invocation call, Report report) {
    this.call = call;
    this.report = report;
    String registry = call.settings().registry();
    this.uri = registry == null ? "local:" : registry.trim();
  }

  /**
   * Whether other nodes can be found; what was found out is reported.
   *
   * @param announced a service that a node of this process announces, with a method {@code echo}
   * @param announcing what that node has to say of its registry
   */
  boolean works(Node other, String announced, Supplier<String> announcing) {
    return switch (scheme()) {
      case "static" -> addresses();
      case "dns" -> dns(other, announced);
      default -> server(other, announced, announcing);
    };
  }

  private String scheme() {
    return uri.substring(0, Math.max(0, uri.indexOf(':')));
  }

  private String since(long start) {
    return Figures.time(call.time().nanos() - start);
  }

  /** What is announced is found. */
  private boolean server(Node other, String announced, Supplier<String> announcing) {
    long start = call.time().nanos();
    try {
      other.service(announced).awaitReady(1, PATIENCE);
      other.service(announced).timeout(PATIENCE).call("echo", Message.text("check"));
      report.ok("registry", "announced, found and called in " + since(start) + ", in " + uri);
      return true;
    } catch (LinkException e) {
      String problem = problem(other, announced);
      problem = problem.isEmpty() ? announcing.get() : problem;
      report.fail(
          "registry",
          uri + ": " + (problem.isEmpty() ? e.problem() : problem),
          hint(scheme(), problem));
      return false;
    }
  }

  private static String problem(Node other, String announced) {
    try {
      return other.service(announced).timeout(PATIENCE).explain().problem();
    } catch (LinkException e) {
      return e.problem();
    }
  }

  /** What helps with a registry that does not do its work. */
  static String hint(String scheme, String problem) {
    return switch (scheme) {
      case "consul", "consuls" ->
        problem.contains("TLS") || problem.contains("HTTP/1.1 header parser")
            ? "consul:// is for agents that speak HTTP, consuls:// for those with HTTPS, whose CA"
                + " ?ca-file=FILE names"
            : problem.contains("ermission") || problem.contains("ACL") || problem.contains("token")
                ? "a token that may announce and look comes by CONSUL_HTTP_TOKEN_FILE or"
                    + " ?token-file=FILE; docs/guide/consul.md has the rules that it needs"
                : "'consul agent' starts an agent on this machine; another one is named by --registry"
                    + " consul://HOST:8500";
      case "etcd", "etcds" ->
        "'etcdctl --endpoints=HOST:2379 endpoint health' asks etcd itself; user, password and"
            + " certificates: docs/guide/etcd.md";
      case "local" ->
        "nodes of one machine meet in one directory: the same user, and the same"
            + " LIBLINK_RUNTIME_DIR or local:/DIRECTORY";
      default -> "a node announced a service and another did not get to it";
    };
  }

  /** Nobody announces in a list: whoever is in it must be there. */
  private boolean addresses() {
    List<String> all = Arrays.stream(uri.substring("static:".length()).split(",", -1))
        .map(String::strip)
        .toList();
    int answered = 0;
    for (String address : all.subList(0, Math.min(MOST_ADDRESSES, all.size()))) {
      answered += answers(address) ? 1 : 0;
    }
    if (all.size() > MOST_ADDRESSES) {
      report.skip("registry", (all.size() - MOST_ADDRESSES) + " more addresses are not tried");
    }
    if (answered == 0) {
      report.fail(
          "registry",
          "nobody answers at any address of " + uri,
          "each must be where a node listens: start it there, with LIBLINK_BIND=HOST:PORT");
    }
    return answered > 0;
  }

  private boolean answers(String address) {
    long start = call.time().nanos();
    try (Node other = Node.join(call.settings().node().registry("static:" + address))) {
      try {
        NodeFacts facts = other
            .service(NodeFacts.SERVICE)
            .timeout(PATIENCE)
            .call("info", Message.empty(), NodeFacts.class);
        report.ok("registry", address + " answers: " + facts.node() + ", in " + since(start));
        return true;
      } catch (LinkException e) {
        String problem = problem(other, NodeFacts.SERVICE);
        report.warn(
            "registry",
            problem.isEmpty() ? address + ": " + e.problem() : problem,
            "is a node running there, and does it listen at that port?");
        return false;
      }
    }
  }

  /** DNS is only read: that it answers is all that can be tried without a record. */
  private boolean dns(Node other, String announced) {
    long start = call.time().nanos();
    try {
      Explanation found = other.service(announced).timeout(PATIENCE).explain();
      if (!found.problem().isEmpty()) {
        report.fail(
            "registry",
            uri + ": " + found.problem(),
            "'dig SRV NAME' asks DNS itself; dns://SERVER:PORT/... asks a certain server");
        return false;
      }
      report.ok(
          "registry",
          "DNS answers, in " + since(start)
              + (found.skipped().isEmpty()
                  ? ""
                  : "; it is asked for names such as " + found.skipped().get(0).what()));
      return true;
    } catch (LinkException e) {
      report.fail("registry", e.problem(), "is there a DNS server that answers this machine?");
      return false;
    }
  }
}
