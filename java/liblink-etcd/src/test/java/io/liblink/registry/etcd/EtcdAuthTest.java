package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that wants logins, whose tokens are over after a second without use. */
class EtcdAuthTest {
  private static final String SECRET = "s3cret words";

  private static EtcdServer server;

  @TempDir
  private Path directory;

  @BeforeAll
  static void start() {
    server = EtcdServer.start("--auth-token-ttl", "1");
    for (String user : new String[] {"root", "liblink", "reader"}) {
      server.ask("auth/user/add", Map.of("name", user, "password", SECRET));
    }
    role("root", "/", 2);
    role("liblink", "/liblink/", 2);
    role("reader", "/liblink/", 0);
    server.ask("auth/enable", Map.of());
  }

  private static void role(String user, String prefix, int permission) {
    server.ask("auth/role/add", Map.of("name", user));
    server.ask(
        "auth/role/grant",
        Map.of(
            "name",
            user,
            "perm",
            Map.of(
                "permType",
                permission,
                "key",
                Json.base64(prefix),
                "range_end",
                Json.base64(Keys.endOf(prefix)))));
    server.ask("auth/user/grant", Map.of("user", user, "role", user));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String uri(String options) {
    return server.uri() + options;
  }

  private static Map<String, String> password(String password) {
    return Map.of("LIBLINK_ETCD_PASSWORD", password);
  }

  private static void assertThatItSays(Member member, String words) {
    CompletionStage<Void> announced = member.registry.announce(member.instance("stock"));
    Await.until(
        "it is said", member.registry::problem, () -> member.registry.problem().contains(words));
    assertThat(announced.toCompletableFuture()).isNotDone();
  }

  @Test
  void aUserWithAPasswordAnnouncesAndWatchesPastTheEndOfItsToken() {
    try (Member a = Member.join("a", uri("&user=liblink"), password(SECRET));
        Member b = Member.join("b", uri("&user=reader"), password(SECRET))) {
      Views seen = b.watch("pricing");
      Instance announced = a.announce("pricing");
      seen.await(announced);
      // Nothing is asked of the watch meanwhile, so its token is over.
      long until = System.nanoTime() + Duration.ofMillis(6500).toNanos();
      Await.until("time passes", () -> "", () -> System.nanoTime() - until > 0);
      assertThat(seen.last().problem()).isEmpty();
      Await.get(a.registry.announce(announced.withReady(false)));
      seen.await(announced.withReady(false));
      assertThat(Await.get(b.registry.services())).containsExactly("pricing");
      assertThat(seen.all()).allMatch(v -> v.problem().isEmpty());
      assertThat(a.registry.problem()).isEmpty();
    }
  }

  @Test
  void aWrongPasswordIsSaidAndNotShown() throws IOException {
    Path file = directory.resolve("password");
    Files.writeString(file, "wrong\n");
    try (Member a = Member.join("a", uri("&user=liblink&password-file=" + file))) {
      CompletionStage<Void> announced = a.registry.announce(a.instance("billing"));
      Await.until(
          "it is said",
          a.registry::problem,
          () -> a.registry.problem().contains("the user or the password is wrong"));
      assertThat(a.registry.problem() + a.registry.uri()).doesNotContain("wrong\n", SECRET);

      Files.writeString(file, SECRET + "\n");
      Await.get(announced);
      Await.until("well", a.registry::problem, () -> a.registry.problem().isEmpty());
    }
  }

  @Test
  void whoMayNotWriteIsToldWhatToGrant() {
    try (Member reader = Member.join("r", uri("&user=reader"), password(SECRET))) {
      assertThatItSays(reader, "readwrite permission");
    }
  }

  @Test
  void whoMayNotReadIsToldInTheView() {
    String elsewhere = "etcd://" + server.address() + "/elsewhere?ttl=2s&user=liblink";
    try (Member a = Member.join("a", elsewhere, password(SECRET))) {
      assertThatItSays(a, "permission denied");
      a.watch("pricing")
          .await("the view says so too", v -> v.problem().contains("permission denied"));
    }
  }

  @Test
  void whoDoesNotLogInIsToldToDoSo() {
    try (Member a = Member.join("a", uri(""))) {
      assertThatItSays(a, "LIBLINK_ETCD_USER");
    }
  }

  @Test
  void aPasswordFileThatIsMissingIsNamed() {
    Path file = directory.resolve("nowhere");
    try (Member a = Member.join("a", uri("&user=liblink&password-file=" + file))) {
      assertThatItSays(a, file.toString());
    }
  }
}
