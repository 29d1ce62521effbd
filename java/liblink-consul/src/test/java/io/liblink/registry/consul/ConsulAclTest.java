package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.registry.Await;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An agent that denies what no policy allows. */
class ConsulAclTest {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static final String SEES_ALL =
      "service_prefix \"\" { policy = \"read\" }" + " node_prefix \"\" { policy = \"read\" }";

  private static ConsulAgent agent;

  @TempDir
  private Path directory;

  @BeforeAll
  static void startAgent() {
    String name = ConsulBinary.required().isAtLeast(11) ? "initial_management" : "master";
    agent = ConsulAgent.start(new ConsulAgent.Config()
        .flag("-bootstrap-expect=1")
        .token(MASTER)
        .hcl("acl { enabled = true, default_policy = \"deny\", tokens { " + name + " = \"" + MASTER
            + "\", agent = \"" + MASTER + "\" } }"));
    Await.until("the token that may do all", () -> "", () -> {
      try {
        agent.get("/v1/acl/tokens");
        return true;
      } catch (IllegalStateException e) {
        return false;
      }
    });
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  /** The secret of a new token with those rules. */
  private static String token(String rules) {
    return newToken(rules).path("SecretID").asString();
  }

  private static JsonNode newToken(String rules) {
    String name = "p" + System.nanoTime();
    String quoted = rules.replace("\"", "\\\"");
    agent.put("/v1/acl/policy", "{\"Name\":\"" + name + "\",\"Rules\":\"" + quoted + "\"}");
    return agent.put("/v1/acl/token", "{\"Policies\":[{\"Name\":\"" + name + "\"}]}");
  }

  private ConsulMember join(String node, String secret) throws IOException {
    Path file = directory.resolve(node + ".token");
    Files.writeString(file, secret + "\n");
    return new ConsulMember(agent.uri() + "?token-file=" + file, "shop", node);
  }

  @Test
  void aTokenWithTheRightsIsEnough() throws IOException {
    try (ConsulMember a = join("a", token("service \"pricing\" { policy = \"write\" }"));
        ConsulMember b = join("b", token(SEES_ALL))) {
      a.announce(a.instance("pricing"));
      View view = b.watch("pricing").await(a.instance("pricing"));
      assertThat(view.problem()).isEmpty();
      assertThat(view.skipped()).isEmpty();
      a.announce(a.instance("pricing").withReady(false));
      b.watch("pricing").await(a.instance("pricing").withReady(false));
      a.withdraw("pricing");
    }
  }

  @Test
  void whoMayNotAnnounceIsToldSoAndAnnouncedWhenTheTokenIsReplaced() throws IOException {
    String secret = token("service \"another\" { policy = \"write\" }");
    try (ConsulMember a = join("a", secret);
        ConsulMember b = join("b", token(SEES_ALL))) {
      var announced = a.registry().announce(a.instance("denied"));
      Await.until(
          "the reason",
          a.registry()::problem,
          () ->
              a.registry().problem().contains("announcing 'denied': the token is not allowed to"));
      assertThat(a.registry().problem()).contains("Permission denied").doesNotContain(secret);
      assertThat(a.registry().uri()).doesNotContain(secret);

      Files.writeString(
          directory.resolve("a.token"), token("service \"denied\" { policy = \"write\" }"));
      Await.get(announced);
      b.watch("denied").await(a.instance("denied"));
      assertThat(a.registry().problem()).isEmpty();
    }
  }

  /** The agent keeps the token of an announcement and tells the servers with it. */
  @Test
  void aTokenThatIsReplacedAndRevokedLeavesNothingBehind() throws IOException {
    String rules = "service \"rotated\" { policy = \"write\" }";
    JsonNode old = newToken(rules);
    try (ConsulMember a = join("a", old.path("SecretID").asString());
        ConsulMember b = join("b", token(SEES_ALL))) {
      a.announce(a.instance("rotated"));
      Views seen = b.watch("rotated");
      seen.await(a.instance("rotated"));

      Files.writeString(directory.resolve("a.token"), token(rules));
      agent.delete("/v1/acl/token/" + old.path("AccessorID").asString());
      a.announce(a.instance("rotated").withReady(false));
      seen.await(a.instance("rotated").withReady(false));
      assertThat(a.registry().problem()).isEmpty();
    }
  }

  @Test
  void aTokenThatTheAgentDoesNotKnowIsSaidToBeUnknown() throws IOException {
    try (ConsulMember a = join("a", "99999999-2222-3333-4444-555555555555")) {
      View view = a.watch("pricing")
          .await("a problem", v -> v.problem().contains("does not know the token"));
      assertThat(view.problem()).contains("ACL not found").doesNotContain("99999999");
      assertThat(Await.failure(a.registry().services())).hasMessageContaining("ACL not found");
    }
  }

  @Test
  void whatTheTokenMayNotSeeIsReported() throws IOException {
    assumeTrue(ConsulBinary.required().isAtLeast(11), "older ones leave it out in silence");
    try (ConsulMember a = join("a", token("service \"secret\" { policy = \"write\" }"));
        ConsulMember b = join("b", token("service \"another\" { policy = \"read\" }"))) {
      a.announce(a.instance("secret"));
      Views seen = b.watch("secret");
      View view = seen.await("something left out", v -> !v.skipped().isEmpty());
      assertThat(view.instances()).isEmpty();
      assertThat(view.skipped().get(0).reason())
          .contains("service:read on 'secret'")
          .contains("node:read");
      Await.until(
          "the registry says it",
          b.registry()::problem,
          () -> b.registry().problem().contains("the token may not see all of service 'secret'"));
    }
  }
}
