package io.liblink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.key.ClusterKey;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstCallTest {
  record Sku(String code) {}

  record Quote(Sku sku, int cents) {}

  @TempDir
  Path directory;

  @Test
  void aNodeServesAndAnotherCallsIt() {
    NodeOptions options = NodeOptions.cluster("shop")
        .key(ClusterKey.generate().text())
        .registry("local:" + directory);
    try (Node server = Node.join(options.name("server"));
        Node client = Node.join(options.name("client"))) {
      server.serve(Service.named("pricing")
          .meta("zone", "eu")
          .method("quote", Sku.class, sku -> new Quote(sku, 1299))
          .method("echo", r -> r.message(), Trait.NON_BLOCKING));
      RemoteService pricing = client.service("pricing");
      assertThat(pricing.call("quote", new Sku("A-1"), Quote.class))
          .isEqualTo(new Quote(new Sku("A-1"), 1299));
      byte[] large = new byte[5_000_000];
      large[4_999_999] = 7;
      assertThat(pricing.call("echo", large, byte[].class)).isEqualTo(large);
      for (int i = 0; i < 1000; i++) {
        assertThat(pricing.call("echo", "hi " + i, String.class)).isEqualTo("hi " + i);
        assertThat(pricing.call("quote", new Sku("A" + i), Quote.class).sku().code())
            .isEqualTo("A" + i);
      }
      assertThat(server.service("pricing").call("echo", "self", String.class)).isEqualTo("self");
    }
  }
}
