package io.liblink.examples;

import io.liblink.Answer;
import io.liblink.Interceptor;
import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.ReplyStream;
import io.liblink.Request;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The code of docs/guide. */
final class GuideExample {
  private GuideExample() {}

  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  record Customer(
      String name, Optional<String> phone, @Nullable String note) {}

  interface Pricing {
    Quote quote(Sku sku);
  }

  static final class PriceList implements Pricing {
    @Override
    public Quote quote(Sku sku) {
      return new Quote(sku, 1299);
    }
  }

  static void calls(Node node) {
    RemoteService pricing = node.service("pricing");
    String text = pricing.call("hello", "Ada", String.class);
    byte[] bytes = pricing.call("checksum", new byte[] {1, 2}, byte[].class);
    Quote quote = pricing.call("quote", new Sku("A-1"), Quote.class);
    CompletableFuture<Quote> soon = pricing.callAsync("quote", new Sku("A-1"), Quote.class);

    RemoteService hurried =
        pricing.where("zone == 'eu'").timeout(Duration.ofMillis(200)).header("tenant", "acme");
    Quote near = hurried.call("quote", new Sku("A-1"), Quote.class);

    List<Answer<Integer>> all = pricing.survey("stock", new Sku("A-1"), Integer.class);

    try (ReplyStream<Quote> history = pricing.stream("history", new Sku("A-1"), Quote.class)) {
      history.forEachRemaining(System.out::println);
    }
    System.out.println(text + bytes.length + quote + soon + near + all);
  }

  static Served serving(Node node) {
    Service service = Service.named("pricing")
        .version("1.4.0")
        .meta("zone", "eu")
        .method("quote", Sku.class, sku -> new Quote(sku, 1299), Trait.IDEMPOTENT)
        .method("echo", request -> request.message(), Trait.NON_BLOCKING)
        .stream("history", Sku.class, (sku, sink) -> {
      for (int cents = 1299; cents > 1000; cents -= 100) {
        sink.send(new Quote(sku, cents));
      }
    });
    return node.serve(service);
  }

  static void interfaces(Node node) {
    node.serve(Service.named("pricing").methods(Pricing.class, new PriceList()));

    Pricing pricing = node.service("pricing").proxy(Pricing.class);
    Quote quote = pricing.quote(new Sku("A-1"));
    System.out.println(quote);
  }

  static void failures(RemoteService pricing) {
    try {
      pricing.call("quote", new Sku("A-1"), Quote.class);
    } catch (LinkException e) {
      if (e.status() == Status.DEADLINE_EXCEEDED && e.ran() != Ran.NO) {
        System.err.println("it may have happened: " + e.getMessage());
      }
    }
  }

  static Message refusing(Request request) {
    if (request.cancelled()) {
      return Message.empty();
    }
    throw new LinkException(
        Status.NOT_FOUND, "no such article: " + request.message().text());
  }

  static void interceptors(Node node) {
    Interceptor audit = (call, request, next) -> {
      System.getLogger("audit").log(System.Logger.Level.INFO, call.service() + "/" + call.method());
      return next.proceed(request);
    };
    node.serve(Service.named("pricing")
        .method("quote", Sku.class, sku -> new Quote(sku, 1299))
        .intercept(audit.only("pricing/*")));
  }

  static void readiness(Node node) {
    Served served = node.serve(Service.named("pricing")
        .notReady()
        .method("quote", Sku.class, sku -> new Quote(sku, 1299)));
    served.ready(true);
  }

  static void stopping(Node node) {
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
  }

  static Node configured() {
    NodeOptions options = NodeOptions.cluster("shop")
        .name("pricing-1")
        .meta("zone", "eu")
        .registry("static:10.0.0.7:7400,10.0.0.8:7400")
        .bind("0.0.0.0:7400")
        .advertise("pricing-1.example.net:7400")
        .keyFile(Path.of("/etc/liblink/shop.key"))
        .limits(l -> l.messageBytes(8 << 20).inFlight(256))
        .timeouts(t -> t.call(Duration.ofSeconds(2)).drain(Duration.ofSeconds(30)));
    return Node.join(options);
  }
}
