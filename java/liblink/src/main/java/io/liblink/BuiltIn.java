package io.liblink;

import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.registry.local.NodeJson;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The service that every node answers: {@code ping}, {@code info}, {@code services}, {@code stats}, {@code
 * edges}, {@code explain}, {@code admits}.
 * The command line and other tools are its clients; {@code spec/protocol.md} has its messages.
 */
final class BuiltIn {
  static final String SERVICE = "liblink";

  /**
   * The answer to {@code info}.
   *
   * @param node its name
   * @param id this run of it
   * @param cluster the cluster joined
   * @param liblink the version of the library
   * @param runtime what runs it
   * @param transport which sockets do the work
   * @param tls which TLS does the work
   * @param signs the fingerprint of the key it proves itself by
   * @param accepts the fingerprints of the keys it accepts
   * @param registry where it announces and looks
   * @param registryProblem what is wrong there, in words; empty when nothing is
   * @param startedMillis when it started, since 1970
   * @param wallMillis its clock, since 1970
   * @param metadata of the node
   */
  record Info(
      String node,
      String id,
      String cluster,
      String liblink,
      String runtime,
      String transport,
      String tls,
      String signs,
      List<String> accepts,
      String registry,
      String registryProblem,
      long startedMillis,
      long wallMillis,
      Map<String, String> metadata) {}

  /**
   * The answer to {@code stats}.
   *
   * @param counters every counter of the node
   * @param inFlight requests that are with handlers now
   * @param links links open now
   */
  record Stats(Map<String, Long> counters, int inFlight, int links) {}

  private BuiltIn() {}

  /** The version of this library. */
  static String version() {
    String version = BuiltIn.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0-SNAPSHOT" : version;
  }

  static Service service(NodeCore core, Supplier<List<Instance>> announced) {
    NodeJson json = new NodeJson(core.options().cluster);
    return Service.builtIn()
        .version(version())
        .method("ping", r -> r.message(), Trait.IDEMPOTENT, Trait.NON_BLOCKING)
        .method("info", Void.class, nothing -> info(core), Trait.IDEMPOTENT)
        .method("stats", Void.class, nothing -> stats(core), Trait.IDEMPOTENT)
        .method("edges", Void.class, nothing -> Edges.of(core), Trait.IDEMPOTENT)
        .method(
            "admits",
            Admits.Question.class,
            question -> Admits.answer(question, core),
            Trait.IDEMPOTENT)
        .method(
            "explain",
            ExplainAnswer.Question.class,
            question -> ExplainAnswer.to(question, core),
            Trait.IDEMPOTENT)
        .method(
            "services",
            r -> Message.of(json.write(core.options().name, core.id(), announced.get()))
                .withContentType(Message.JSON),
            Trait.IDEMPOTENT);
  }

  private static Info info(NodeCore core) {
    List<String> keys = core.trust().fingerprints();
    return new Info(
        core.options().name,
        core.id().toString(),
        core.options().cluster,
        version(),
        "Java " + System.getProperty("java.version"),
        core.transport().socketsName(),
        core.transport().tlsName(),
        keys.get(0),
        keys,
        core.registry().uri(),
        core.registry().problem(),
        core.startedMillis(),
        core.options().time.wallMillis(),
        core.metadata().get());
  }

  private static Stats stats(NodeCore core) {
    return new Stats(
        core.counters().snapshot(),
        core.dispatcher().inFlight(),
        core.peers().links().size());
  }
}
