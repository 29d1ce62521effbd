package io.liblink.bench.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class RelayTest {
  @Test
  void whatPassesIsCountedAndNotChanged() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = new byte[100_000];
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    try (Relay relay = new Relay(server.getAddress().getPort())) {
      HttpClient client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      String base = relay.uri().replace("consul://", "http://");
      for (String path : new String[] {"/v1/health/service/a?index=1", "/v1/status/leader"}) {
        for (int i = 0; i < 3; i++) {
          HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).build();
          assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
        }
      }
      assertThat(relay.requests("/v1/health")).isEqualTo(3);
      assertThat(relay.requests("/v1/status/leader")).isEqualTo(3);
      assertThat(relay.requests("/v1/other")).isZero();
      assertThat(relay.bytes()).isBetween(6L * body.length, 6L * body.length + 6_000);
    } finally {
      server.stop(0);
    }
  }
}
