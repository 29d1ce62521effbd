package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Event;
import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.Start;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.delivery.WhenFull;
import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Message;
import io.liblink.message.NodeId;
import io.liblink.session.FrameText;
import io.liblink.session.ScriptValues;
import io.liblink.status.LinkException;
import io.liblink.testing.Announced;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawPeer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code spec/sessions/subscribe.json} against whole nodes, as its README says. */
class SubscribeScriptTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final ClusterKey KEY = ClusterKey.generate();

  /** The instance that the HELLOs of the scripts name. */
  private static final NodeId PEER = NodeId.parse("000102030405060708090a0b0c0d0e0f");

  @TestFactory
  Stream<DynamicTest> conversations() throws Exception {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("spec"))) {
      at = at.getParent();
    }
    JsonNode top = JsonMapper.shared().readTree(at.resolve("spec/sessions/subscribe.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode script : top.get("sessions")) {
      String name = script.get("name").asString() + ": " + script.get("why").asString();
      tests.add(DynamicTest.dynamicTest(name, () -> {
        try (Run run = new Run(script)) {
          run.run();
        }
      }));
    }
    assertThat(tests).hasSizeGreaterThan(60);
    return tests.stream();
  }

  /** One conversation with one node. */
  private static final class Run implements AutoCloseable {
    private final JsonNode script;
    private final boolean publisher;
    private final Path directory = Files.createTempDirectory("liblink-script");
    private final LogLines log = new LogLines();
    private final BlockingQueue<Map<String, Object>> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<RawPeer> dialed = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final @Nullable RawServer server;
    private final @Nullable Announced announced;
    private final Node node;
    private @Nullable Served served;
    private @Nullable RawPeer peer;
    private long pings;

    Run(JsonNode script) throws Exception {
      this.script = script;
      this.publisher = script.get("role").asString().equals("publisher");
      NodeOptions options = NodeOptions.cluster("shop").name("me").key(KEY.text());
      if (publisher) {
        server = null;
        announced = null;
        node = Node.join(options.registry("local:" + directory).bind("127.0.0.1:0"));
        serve();
        peer = RawPeer.over(dial());
      } else {
        server = RawServer.node(KEY, "shop", "peer", connection -> {
          dialed.add(connection);
          over.await();
        });
        announced = new Announced("shop", "s", "peer", PEER, server.address());
        node = Node.join(options.registry(announced.uri()));
      }
    }

    private void serve() {
      JsonNode own = script.path("own");
      TopicOptions kept = TopicOptions.defaults();
      served = node.serve(Service.named("s")
          .topic(
              "t",
              Message.class,
              kept.keep(own.path("keep").asInt(kept.messages()), kept.bytes())
                  .lastValues(own.path("last_values").asInt(0))));
    }

    private SSLSocket dial() throws Exception {
      Socket plain =
          new Socket(InetAddress.getLoopbackAddress(), node.addresses().get(0).port());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {Shown.node(KEY, "shop", "peer")},
          new TrustManager[] {new Target.Anybody()},
          null);
      SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
      tls.setUseClientMode(true);
      return tls;
    }

    void run() throws Exception {
      int number = 0;
      for (JsonNode step : script.get("steps")) {
        number++;
        String action = step.propertyNames().iterator().next();
        try {
          act(action, step.get(action));
        } catch (AssertionError | Exception e) {
          throw new AssertionError("step " + number + " " + action + ": " + e, e);
        }
      }
      assertThat(log.lines()).noneMatch(l -> l.contains("bug in liblink"));
    }

    private void act(String action, JsonNode value) throws Exception {
      switch (action) {
        case "receive" -> peer().send(ScriptValues.bytes(value));
        case "sent" -> sent(value);
        case "told" -> told(value);
        case "publish" -> publish(value);
        case "service_ends" -> CompletableFuture.runAsync(Objects.requireNonNull(served)::close);
        case "subscribe" -> CompletableFuture.runAsync(() -> subscribe(value));
        case "dialed" ->
          peer = Objects.requireNonNull(dialed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "dialed");
        case "lost" -> peer().close();
        default -> throw new AssertionError("unknown step " + action);
      }
    }

    private RawPeer peer() {
      return Objects.requireNonNull(peer);
    }

    // ---- the application --------------------------------------------------------------------

    private void publish(JsonNode value) {
      Message message = Message.of(ScriptValues.bytes(value.get("payload")));
      for (String header : value.path("headers").propertyNames()) {
        message = message.withHeader(header, value.get("headers").get(header).asString());
      }
      if (value.has("key")) {
        node.publish("s/t", value.get("key").asString(), message);
      } else {
        node.publish("s/t", message);
      }
    }

    private void subscribe(JsonNode value) {
      SubscribeOptions o =
          SubscribeOptions.defaults().onGap(this::gap).onPublisher(this::publisher);
      o = value.has("from") ? o.from(Start.of(value.get("from").asString())) : o;
      o = value.has("queue") ? o.queue(value.get("queue").asInt()) : o;
      o = value.has("full") ? o.whenFull(WhenFull.of(value.get("full").asString())) : o;
      o = value.has("filter") ? o.filter(value.get("filter").asString()) : o;
      try {
        node.service("s")
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .subscribe("t", byte[].class, o, this::message);
      } catch (LinkException e) {
        tell("refused", "status", e.status().name());
      }
    }

    private void message(byte[] payload, Event<byte[]> event) {
      tell(
          "message",
          "sequence",
          event.sequence(),
          "payload",
          payload,
          "last_value",
          event.lastValue(),
          "key",
          String.valueOf(event.key()));
    }

    private void gap(Gap gap) {
      tell(
          "gap",
          "last",
          gap.last(),
          "count",
          gap.count(),
          "reason",
          gap.reason().text());
    }

    /** Only the first confirmation is told, and a refusal behind it. */
    private void publisher(PublisherState state) {
      if (state.phase() == PublisherState.Phase.ACTIVE && state.received() + state.missed() == 0) {
        tell("confirmed");
      } else if (state.phase() == PublisherState.Phase.REFUSED && state.start() > 0) {
        tell("refused", "status", state.problem().substring(0, state.problem().indexOf(':')));
      }
    }

    private void tell(String event, Object... pairs) {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("event", event);
      for (int i = 0; i < pairs.length; i += 2) {
        m.put((String) pairs[i], pairs[i + 1]);
      }
      told.add(m);
    }

    // ---- checks -----------------------------------------------------------------------------

    private void told(JsonNode expected) throws InterruptedException {
      List<Map<String, Object>> seen = new ArrayList<>();
      while (seen.size() < expected.size()) {
        Map<String, Object> next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          break;
        }
        seen.add(next);
      }
      ScriptValues.check(expected, seen);
    }

    private void sent(JsonNode expected) throws Exception {
      List<Map<String, Object>> seen = new ArrayList<>();
      while (seen.size() < expected.size()
          || (endsWith(seen, "CONTINUE") && size(seen) < size(expected))) {
        add(peer().receive(), seen);
      }
      boolean mayAsk = !endsWith(seen, "GOAWAY") && !(publisher && endsWith(seen, "HELLO"));
      if (mayAsk) {
        untilPong(seen);
      }
      ScriptValues.check(expected, seen);
    }

    private static boolean endsWith(List<Map<String, Object>> seen, String type) {
      return !seen.isEmpty() && seen.get(seen.size() - 1).get("type").equals(type);
    }

    private static long size(List<Map<String, Object>> seen) {
      return (long) seen.get(seen.size() - 1).get("size");
    }

    private static long size(JsonNode expected) {
      return expected.get(expected.size() - 1).path("size").asLong();
    }

    /** What was sent before the answer to a PING, which the node gives at once. */
    private void untilPong(List<Map<String, Object>> seen) throws Exception {
      byte[] opaque = ByteBuffer.allocate(8).putLong(++pings).array();
      String own = HexFormat.of().formatHex(opaque);
      peer().send(new RawFrame(RawFrame.PING, 0, 0, opaque));
      while (true) {
        RawFrame frame = peer().receive();
        if (frame.type() == RawFrame.PONG
            && HexFormat.of().formatHex(frame.body()).equals(own)) {
          return;
        }
        add(frame, seen);
      }
    }

    /** Leaves out what an implementation is free to send. */
    private void add(RawFrame frame, List<Map<String, Object>> seen) throws Exception {
      if (frame.type() == RawFrame.PING) {
        peer().send(new RawFrame(RawFrame.PONG, 0, 0, frame.body()));
      } else if (frame.type() == RawFrame.CONTINUE && endsWith(seen, "CONTINUE")) {
        seen.get(seen.size() - 1)
            .merge("size", (long) frame.body().length, (a, b) -> (long) a + (long) b);
      } else if (frame.type() != RawFrame.CREDIT) {
        seen.add(FrameText.describe(frame));
      }
    }

    @Override
    public void close() throws Exception {
      over.countDown();
      if (peer != null) {
        peer.close();
      }
      node.close(Duration.ZERO);
      if (server != null && announced != null) {
        server.close();
        announced.close();
      }
      log.close();
      try (Stream<Path> files = Files.walk(directory)) {
        files
            .sorted(java.util.Comparator.reverseOrder())
            .forEach(f -> f.toFile().delete());
      }
    }
  }
}
