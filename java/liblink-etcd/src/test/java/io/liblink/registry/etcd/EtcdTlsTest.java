package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that speaks TLS and wants certificates of its clients. */
class EtcdTlsTest {
  @TempDir
  private static Path directory;

  private static Certificates certificates;
  private static EtcdServer server;

  @BeforeAll
  static void start() {
    certificates = new Certificates(directory);
    certificates.issue("server", "ip:127.0.0.1");
    certificates.issue("client", "dns:client");
    server = EtcdServer.start(
        "--cert-file",
        file("server.pem"),
        "--key-file",
        file("server.key"),
        "--trusted-ca-file",
        certificates.ca().toString(),
        "--client-cert-auth");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String file(String name) {
    return certificates.file(name).toString();
  }

  private static String mutual() {
    return server.uri() + "&ca=" + certificates.ca() + "&cert=" + file("client.pem") + "&key="
        + file("client.key");
  }

  private static void assertThatItSays(Member member, String words) {
    CompletionStage<Void> announced = member.registry.announce(member.instance("billing"));
    Await.until(
        "it is said", member.registry::problem, () -> member.registry.problem().contains(words));
    assertThat(announced.toCompletableFuture()).isNotDone();
  }

  @Test
  void bothSidesProveWhoTheyAre() {
    try (Member a = Member.join("a", mutual());
        Member b = Member.join("b", mutual())) {
      Views seen = b.watch("pricing");
      Instance announced = a.announce("pricing");
      seen.await(announced);
      seen.await("well", v -> v.problem().isEmpty());
      Await.get(a.registry.withdraw("pricing"));
      seen.await();
    }
  }

  @Test
  void aServerOfAnotherIssuerIsRefused() {
    String strangers = server.uri() + "&cert=" + file("client.pem") + "&key=" + file("client.key");
    try (Member a = Member.join("a", strangers)) {
      assertThatItSays(a, "TLS handshake failed");
      assertThat(a.registry.problem()).contains("ca=");
    }
  }

  @Test
  void aServerOfAnotherNameIsRefused() {
    try (Member a = Member.join("a", mutual().replace("127.0.0.1", "localhost"))) {
      assertThatItSays(a, "TLS handshake failed");
    }
  }

  @Test
  void whoHasNoCertificateIsRefused() {
    try (Member a = Member.join("a", server.uri() + "&ca=" + certificates.ca())) {
      assertThatItSays(a, "etcd at");
    }
  }

  @Test
  void withoutTlsThereIsNoAnswerAndAReason() {
    try (Member a = Member.join("a", server.uri().replace("etcds:", "etcd:"))) {
      assertThatItSays(a, "etcd at");
    }
  }

  @Test
  void certificatesThatAreReplacedAreUsed() throws IOException {
    Path ca = directory.resolve("rotating.pem");
    Files.writeString(ca, "not yet\n");
    String uri =
        server.uri() + "&ca=" + ca + "&cert=" + file("client.pem") + "&key=" + file("client.key");
    try (Member a = Member.join("a", uri)) {
      CompletionStage<Void> announced = a.registry.announce(a.instance("stock"));
      Await.until(
          "it is said",
          a.registry::problem,
          () -> a.registry.problem().contains("holds no certificates"));
      Files.copy(certificates.ca(), ca, StandardCopyOption.REPLACE_EXISTING);
      Await.get(announced);
    }
  }
}
