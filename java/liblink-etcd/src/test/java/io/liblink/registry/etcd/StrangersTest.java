package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.liblink.registry.Await;
import io.liblink.registry.Views;
import io.liblink.testing.Gen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers at the address is not etcd, or one that has lost its mind. */
class StrangersTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile java.util.function.Function<String, byte[]> says = path -> new byte[0];

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      byte[] body = says.apply(exchange.getRequestURI().getPath());
      asked.incrementAndGet();
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private Member join() {
    return Member.join("a", "etcd://127.0.0.1:" + server.getAddress().getPort() + "?ttl=2s");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anotherWebServerIsNotTakenForEtcd() {
    says = path -> utf8("<html>welcome</html>");
    try (Member a = join()) {
      a.registry.announce(a.instance("pricing"));
      Await.until(
          "it is said", a.registry::problem, () -> a.registry.problem().contains("is it etcd?"));
    }
  }

  @Test
  void anEtcdThatAnswersNonsenseIsAskedAgainAndAgain() {
    Gen gen = new Gen(7);
    String[] parts = {
      "{",
      "}",
      "\"header\":",
      "\"revision\":\"5\"",
      "\"kvs\":[",
      "]",
      "{\"key\":\"AA==\"}",
      ",",
      "\"result\":",
      "\"created\":true",
      "\"canceled\":true",
      "\"events\":[",
      "null",
      "-1",
      "\n",
      "\"more\":true",
      "\"compact_revision\":\"9\"",
      "\"count\":\"3\"",
      "\"ID\":\"7\",\"TTL\":\"2\"",
      "\"responses\":[{}]",
      "\"succeeded\":false",
      "\"error\":{\"code\":16}",
      "\u0000",
      "[[[["
    };
    says = path -> {
      StringBuilder s = new StringBuilder();
      synchronized (gen) {
        for (int i = gen.between(0, 12); i > 0; i--) {
          s.append(gen.oneOf(parts));
        }
      }
      return utf8(gen.oneIn(2) ? "{" + s + "}" : s.toString());
    };
    List<Member> members = List.of(join(), join(), join(), join());
    try {
      List<Views> seen = members.stream().map(m -> m.watch("pricing")).toList();
      for (Member m : members) {
        m.registry.announce(m.instance("pricing"));
        m.registry.services();
      }
      Await.until("it goes on", asked::get, () -> asked.get() > 80);
      assertThat(seen)
          .allSatisfy(s -> assertThat(s.all()).allMatch(v -> v.instances().isEmpty()));
    } finally {
      members.forEach(Member::close);
    }
  }

  @Test
  void pagesThatLeadNowhereEnd() {
    // It always says that there is more, after the same key.
    says = path -> utf8("{\"header\":{\"revision\":\"5\"},\"more\":true,\"kvs\":[{\"key\":\""
        + Json.base64("/liblink/shop/pricing/x") + "\",\"mod_revision\":\"3\"}]}");
    try (Member a = join()) {
      assertThat(Await.failure(a.registry.services())).hasMessageContaining("is it etcd?");
      a.watch("pricing").await("it is said", v -> v.problem().contains("is it etcd?"));
    }
  }
}
