package io.liblink.behaviour;

import static io.liblink.behaviour.Calls.failure;
import static io.liblink.behaviour.Calls.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.NodeOptions.TlsProvider;
import io.liblink.RemoteService;
import io.liblink.Request;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.testkit.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be sent and answered, with either TLS provider on either side. */
@ParameterizedClass
@CsvSource({"BORINGSSL,BORINGSSL", "BORINGSSL,JDK", "JDK,BORINGSSL", "JDK,JDK"})
class ValuesTest {
  record Sku(String code) {}

  record Quote(Sku sku, int cents, List<String> notes, Optional<String> until) {}

  interface Pricing {
    Quote quote(Sku sku);

    String greeting();

    void forget(Sku sku);

    CompletionStage<Quote> later(Sku sku);

    CompletableFuture<List<String>> names();

    @io.liblink.Traits(Trait.NON_BLOCKING)
    Map<String, Integer> fast(List<String> codes);
  }

  private static final class PriceList implements Pricing {
    @Override
    public Quote quote(Sku sku) {
      if (sku.code().isEmpty()) {
        throw new LinkException(Status.NOT_FOUND, "no code");
      }
      return new Quote(sku, 1299, List.of("ä", "€", "😀"), Optional.empty());
    }

    @Override
    public String greeting() {
      return "hello " + Request.current().orElseThrow().caller().node();
    }

    @Override
    public void forget(Sku sku) {}

    @Override
    public CompletionStage<Quote> later(Sku sku) {
      return CompletableFuture.supplyAsync(() -> quote(sku));
    }

    @Override
    public CompletableFuture<List<String>> names() {
      return CompletableFuture.completedFuture(List.of("a", "b"));
    }

    @Override
    public Map<String, Integer> fast(List<String> codes) {
      return Map.of(codes.get(0), codes.size());
    }
  }

  @Parameter(0)
  TlsProvider caller;

  @Parameter(1)
  TlsProvider callee;

  private TestCluster cluster;
  private RemoteService service;

  @BeforeEach
  void start() {
    cluster = TestCluster.builder()
        .options("a", o -> o.tls(caller))
        .options("b", o -> o.tls(callee))
        .start("a", "b");
    cluster
        .node("b")
        .serve(Service.named("pricing")
            .methods(Pricing.class, new PriceList())
            .method("echo", r -> r.message(), Trait.NON_BLOCKING)
            .method("bytes", byte[].class, b -> new byte[] {b[1], b[0]})
            .method("text", String.class, String::toUpperCase)
            .method("record", Sku.class, sku -> new PriceList().quote(sku))
            .method("nothing", Sku.class, sku -> null));
    service = cluster.node("a").service("pricing");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void bytesTextAndRecordsTravel() {
    assertThat(service.call("bytes", new byte[] {1, 2}, byte[].class)).containsExactly(2, 1);
    assertThat(service.call("text", "größe 😀", String.class)).isEqualTo("GRÖSSE 😀");
    assertThat(service.call("record", new Sku("A-1"), Quote.class))
        .isEqualTo(new PriceList().quote(new Sku("A-1")));
    assertThat(get(service.callAsync("record", new Sku("A-1"), Quote.class)).cents())
        .isEqualTo(1299);
    assertThat(service.call("nothing", new Sku("A-1"), Void.class)).isNull();
    assertThat(
            failure(() -> service.call("nothing", new Sku("A-1"), Quote.class)).status())
        .isEqualTo(Status.INTERNAL);
    assertThat(service.call("echo", new byte[0], byte[].class)).isEmpty();
    assertThat(service.call("echo", "", String.class)).isEmpty();
  }

  @Test
  void aMessageKeepsItsContentTypeAndHeadersBothWays() {
    Message sent = Message.text("x")
        .withContentType("application/x-own")
        .withHeader("Tenant", "acme")
        .withHeader("Empty", "")
        .withHeader("unicode", "ä€😀");
    Message back = service.header("More", "yes").call("echo", sent);
    assertThat(back.contentType()).isEqualTo("application/x-own");
    assertThat(back.headers())
        .containsEntry("tenant", "acme")
        .containsEntry("empty", "")
        .containsEntry("unicode", "ä€😀")
        .containsEntry("more", "yes")
        .hasSize(4);
    assertThat(service.call("echo", Message.of(new byte[] {7})).contentType())
        .isEqualTo(Message.BYTES);
  }

  @Test
  void anInterfaceIsServedAndProxied() {
    Pricing pricing = service.proxy(Pricing.class);
    assertThat(pricing.quote(new Sku("A"))).isEqualTo(new PriceList().quote(new Sku("A")));
    assertThat(pricing.greeting()).isEqualTo("hello a");
    pricing.forget(new Sku("A"));
    assertThat(get(pricing.later(new Sku("B")).toCompletableFuture()).sku().code())
        .isEqualTo("B");
    assertThat(get(pricing.names())).containsExactly("a", "b");
    assertThat(pricing.fast(List.of("x", "y"))).isEqualTo(Map.of("x", 2));
    assertThat(pricing.toString()).contains("Pricing").contains("pricing");
    assertThat(pricing).isEqualTo(pricing).hasSameHashCodeAs(pricing);
    assertThat(pricing).isNotEqualTo(service.proxy(Pricing.class));
  }

  @Test
  void aProxyFailsAsCallsDo() {
    Pricing pricing = service.proxy(Pricing.class);
    assertThat(failure(() -> pricing.quote(new Sku(""))).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(failure(pricing.later(new Sku("")).toCompletableFuture()).status())
        .isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void aLargeMessageTravelsBothWays() {
    byte[] large = new byte[5_000_000];
    new java.util.Random(1).nextBytes(large);
    assertThat(service.call("echo", large, byte[].class)).isEqualTo(large);
  }

  @Test
  void theCallerIsWhoItProvedToBe() {
    assertThat(service.call("greeting", null, String.class)).isEqualTo("hello a");
    assertThat(Calls.stats(cluster.node("b")).links()).isGreaterThanOrEqualTo(1);
  }
}
