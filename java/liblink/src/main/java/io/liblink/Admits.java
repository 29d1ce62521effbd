package io.liblink;

import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.rpc.CurrentCall;
import io.liblink.rpc.ServerCall;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code admits}: whether the node that answers lets the one that asks use a service.
 *
 * @param service the service
 * @param refusal why it does not, in words; empty when it does
 */
record Admits(String service, String refusal) {
  /** Instances that are asked for one explanation. */
  private static final int MOST_ASKED = 20;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  Admits {
    service = Objects.requireNonNullElse(service, "");
    refusal = Objects.requireNonNullElse(refusal, "");
  }

  /** The request. */
  record Question(@Nullable String service) {}

  static Admits answer(@Nullable Question question, NodeCore core) {
    String service;
    try {
      if (question == null || question.service() == null) {
        throw new IllegalArgumentException("the request names no service: {\"service\": \"…\"}");
      }
      service = Names.service(question.service());
    } catch (IllegalArgumentException e) {
      throw new LinkException(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    ServerCall call = CurrentCall.get();
    String why = call == null ? null : core.admission().why(call.link(), service);
    return new Admits(service, why == null ? "" : why);
  }

  /**
   * Asks those that this node has links to whether they let it in. Blocks for a second at most; who does
   * not answer, or does not know the question, is taken to.
   *
   * @return why not, by the instance that does not
   */
  static Map<NodeId, String> ask(NodeCore core, Explanation found) {
    Map<NodeId, CompletableFuture<Admits>> asked = new LinkedHashMap<>();
    for (Explanation.Place place : found.instances()) {
      if (place.step() == Explanation.Step.CONNECTED && asked.size() < MOST_ASKED) {
        NodeId id = place.instance().id();
        asked.put(
            id,
            new RemoteService(core, core.routes().to(BuiltIn.SERVICE, null, id.toString()))
                .timeout(PATIENCE)
                .callAsync("admits", new Question(found.service()), Admits.class));
      }
    }
    Map<NodeId, String> refusals = new HashMap<>();
    asked.forEach((id, answer) -> {
      Admits said = answer.handle((admits, failure) -> admits).join();
      String refusal = said == null ? "" : said.refusal();
      if (!refusal.isEmpty()) {
        refusals.put(id, refusal);
      }
    });
    return refusals;
  }
}
