package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.registry.View;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is spoken to by HTTPS and wants a certificate; all made by Consul's own command. */
class ConsulTlsTest {
  @TempDir
  private static Path directory;

  private static ConsulAgent agent;
  private static int port;

  @BeforeAll
  static void startAgent() {
    String consul = ConsulBinary.required().path();
    for (String what : List.of("ca create", "cert create -server", "cert create -client")) {
      ConsulBinary.run(List.of((consul + " tls " + what).split(" ")), directory);
    }
    ConsulBinary.run(List.of(consul, "tls", "ca", "create", "-domain=other"), directory);
    port = Ports.free(1).get(0);
    agent = ConsulAgent.start(new ConsulAgent.Config()
        .flag("-bootstrap-expect=1")
        .hcl("ports { https = " + port + " }")
        .hcl("verify_incoming_https = true")
        .hcl("ca_file = \"" + directory.resolve("consul-agent-ca.pem") + "\"")
        .hcl("cert_file = \"" + directory.resolve("dc1-server-consul-0.pem") + "\"")
        .hcl("key_file = \"" + directory.resolve("dc1-server-consul-0-key.pem") + "\""));
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  private static String uri(String ca, String client) {
    return "consuls://localhost:" + port + "?ca-file=" + directory.resolve(ca)
        + (client.isEmpty()
            ? ""
            : "&cert-file=" + directory.resolve(client + ".pem") + "&key-file="
                + directory.resolve(client + "-key.pem"));
  }

  private static ConsulMember join(String node, String uri) {
    return new ConsulMember(uri, "shop", node);
  }

  @Test
  void withItsCaAndACertificateAllWorks() {
    String uri = uri("consul-agent-ca.pem", "dc1-client-consul-0");
    try (ConsulMember a = join("a", uri);
        ConsulMember b = join("b", uri)) {
      a.announce(a.instance("pricing"));
      b.watch("pricing").await(a.instance("pricing"));
    }
  }

  @Test
  void withoutACertificateTheAgentRefuses() {
    try (ConsulMember a = join("a", uri("consul-agent-ca.pem", ""))) {
      View view = a.watch("pricing").await("a problem", v -> !v.problem().isEmpty());
      assertThat(view.problem()).contains("localhost:" + port);
    }
  }

  @Test
  void anAgentOfAnotherCaIsNotTrusted() {
    try (ConsulMember a = join("a", uri("other-agent-ca.pem", "dc1-client-consul-0"))) {
      a.watch("pricing")
          .await(
              "the problem",
              v -> v.problem().contains("no TLS with the agent at localhost:" + port));
    }
  }

  @Test
  void filesThatCantBeUsedAreNamed() {
    assertThatThrownBy(() -> join("a", uri("missing.pem", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing.pem is not there");
    assertThatThrownBy(() -> join("a", uri("dc1-client-consul-0-key.pem", "")))
        .hasMessageContaining("has no certificate");
  }
}
