package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.testing.RawFrame;
import io.liblink.wire.HelloFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code spec/sessions/*.json} as their README says: in whole pieces, and byte by byte. */
class SessionScriptTest {
  private static final String[] FILES = {
    "life.json", "calls.json", "large.json", "push.json", "bad.json"
  };

  static Path directory() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("spec"))) {
      at = at.getParent();
    }
    return at.resolve("spec/sessions");
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> conversations() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String file : FILES) {
      JsonNode top = JsonMapper.shared().readTree(directory().resolve(file));
      for (JsonNode session : top.get("sessions")) {
        String name = session.get("name").asString() + ": " + session.get("why").asString();
        tests.add(DynamicTest.dynamicTest(name, () -> new Run(session, Integer.MAX_VALUE).run()));
        tests.add(
            DynamicTest.dynamicTest(name + ", byte by byte", () -> new Run(session, 1).run()));
      }
    }
    assertThat(tests).hasSizeGreaterThan(200);
    return tests.stream();
  }

  @Test
  void theFilesAreThoseThatTheCodeWrites() throws IOException {
    for (Map.Entry<String, List<Script>> file : SessionScripts.files().entrySet()) {
      assertThat(Files.readString(directory().resolve(file.getKey())))
          .as(file.getKey())
          .isEqualTo(SessionScripts.text(file.getValue()));
    }
  }

  @Test
  void everyConversationHasANameOfItsOwn() {
    List<Object> names = SessionScripts.files().values().stream()
        .flatMap(List::stream)
        .map(s -> s.top.get("name"))
        .toList();
    assertThat(names).doesNotHaveDuplicates();
  }

  /** One conversation with one session. */
  private static final class Run {
    private final JsonNode script;
    private final int piece;
    private final TestOutput out = new TestOutput();
    private final ScriptApp app = new ScriptApp("shop", "peer");
    private final Counters counters = new Counters();
    private final Session session;
    private final long window;
    private long now = 1_000_000_000;
    private final List<RawFrame> sent = new ArrayList<>();
    private long fragmentsReceived;
    private long creditReturned;

    Run(JsonNode script, int piece) {
      this.script = script;
      this.piece = piece;
      JsonNode own = script.path("own");
      this.window = 262_144;
      HelloFrame hello = new HelloFrame(
          1,
          "shop",
          "me",
          new NodeId(1, 2),
          65_536,
          own.path("max_message").asLong(64L << 20),
          own.path("max_streams").asLong(4096),
          15_000,
          window,
          0,
          "script/1",
          Map.of());
      SessionLimits limits = new SessionLimits(
          (int) hello.maxMessage(),
          (int) hello.maxStreams(),
          own.path("receive_bytes").asLong(128L << 20),
          15_000_000_000L,
          10_000_000_000L,
          own.path("idle_ms").asLong(300_000) * 1_000_000);
      boolean dialer = script.get("role").asString().equals("dialer");
      this.session = new Session(dialer, hello, limits, out, app, counters);
      app.session = session;
    }

    void run() {
      session.start(now);
      settle();
      int number = 0;
      for (JsonNode step : script.get("steps")) {
        number++;
        String action = step.propertyNames().iterator().next();
        try {
          act(action, step.get(action));
          settle();
        } catch (AssertionError e) {
          throw new AssertionError("step " + number + " " + brief(step) + ": " + e.getMessage(), e);
        }
      }
      assertThat(creditReturned)
          .as("byte credit returned for %d bytes", fragmentsReceived)
          .isGreaterThanOrEqualTo(session.ended() ? 0 : fragmentsReceived - window / 4);
    }

    private static String brief(JsonNode step) {
      String text = step.toString();
      return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** Sends what may be sent and sorts out what an implementation is free to send. */
    private void settle() {
      session.sendFragments(() -> true, now);
      for (RawFrame f : FrameText.cut(out.take())) {
        if (f.type() == RawFrame.CREDIT && f.flags() == RawFrame.BYTES) {
          creditReturned += f.fields().u32();
        } else {
          sent.add(f);
        }
      }
    }

    private void act(String action, JsonNode value) {
      switch (action) {
        case "receive" -> receive(ScriptValues.bytes(value));
        case "sent" -> checkSent(value);
        case "told" -> checkTold(value);
        case "ended" -> ended(value.asString());
        case "advance" -> advance(value.asLong());
        case "open" ->
          app.open(
              value.get("target").asString(),
              ScriptValues.bytes(value.get("payload")),
              value.get("remaining_ms").asLong(),
              value.path("credit").asLong(-1),
              now);
        case "reply" -> exchange(value).reply(ScriptValues.bytes(value.get("payload")), now);
        case "push" -> app.push(value.get("target").asString());
        case "cancel" -> session.cancel(stream(value), Status.CANCELLED, now);
        case "drain" -> session.drain("draining");
        case "close" -> session.fail(Status.valueOf(value.asString()), "closed", now);
        case "lost" -> session.lost("lost", now);
        default -> {
          if (stream(value) instanceof ScriptPush push) {
            actOn(push, action, value);
          } else {
            actOn(exchange(value), action, value);
          }
        }
      }
    }

    private void actOn(ScriptApp.Exchange call, String action, JsonNode value) {
      switch (action) {
        case "fail" -> call.fail(status(value), Stage.HANDLE, Ran.YES, now);
        case "item" -> call.item(ScriptValues.bytes(value.get("payload")));
        case "grant" -> call.grant(value.get("items").asLong());
        default -> throw new AssertionError("unknown step " + action);
      }
    }

    private void actOn(ScriptPush push, String action, JsonNode value) {
      switch (action) {
        case "fail" -> push.fail(status(value), Ran.valueOf(value.get("ran").asString()), now);
        case "item" ->
          push.item(value.get("sequence").asLong(), ScriptValues.bytes(value.get("payload")));
        case "grant" -> push.grant(value.get("items").asLong());
        case "ack" -> push.ack(value.get("sequence").asLong(), status(value));
        default -> throw new AssertionError("unknown step " + action);
      }
    }

    private static Status status(JsonNode value) {
      return Status.valueOf(value.get("status").asString());
    }

    private Stream stream(JsonNode value) {
      return app.stream(value.get("stream").asInt());
    }

    private ScriptApp.Exchange exchange(JsonNode value) {
      return app.exchange(value.get("stream").asInt());
    }

    private void receive(byte[] all) {
      for (int at = 0; at < all.length; ) {
        int n = Math.min(piece, all.length - at);
        session.receive(ByteBuffer.wrap(all, at, n).slice(), now);
        at += n;
      }
      fragmentsReceived += fragmentBytes(all);
    }

    private static long fragmentBytes(byte[] all) {
      long sum = 0;
      ByteBuffer in = ByteBuffer.wrap(all);
      while (in.remaining() >= 10) {
        long length = in.getInt(in.position()) & 0xFFFF_FFFFL;
        if (length < 6 || length + 4 > in.remaining()) {
          break;
        }
        if (in.get(in.position() + 4) == RawFrame.CONTINUE) {
          sum += length - 6;
        }
        in.position(in.position() + (int) length + 4);
      }
      return sum;
    }

    private void advance(long millis) {
      for (long i = 0; i < millis; i += 10) {
        now += 10_000_000;
        session.tick(now);
      }
    }

    private void ended(String status) {
      assertThat(session.ended()).isTrue();
      assertThat(app.told.get(app.told.size() - 1))
          .containsEntry("event", "end")
          .containsEntry("status", status);
      app.told.clear();
    }

    private void checkTold(JsonNode expected) {
      List<Map<String, Object>> told = new ArrayList<>(app.told);
      app.told.clear();
      ScriptValues.check(expected, told);
    }

    private void checkSent(JsonNode expected) {
      List<Map<String, Object>> frames = new ArrayList<>();
      for (RawFrame f : sent) {
        Map<String, Object> m = FrameText.describe(f);
        Map<String, Object> last = frames.isEmpty() ? Map.of() : frames.get(frames.size() - 1);
        if (f.type() == RawFrame.CONTINUE
            && "CONTINUE".equals(last.get("type"))
            && last.get("stream").equals(m.get("stream"))) {
          last.put("size", (long) last.get("size") + (long) m.get("size"));
        } else {
          frames.add(m);
        }
      }
      sent.clear();
      boolean pings = expected.toString().contains("\"PING\"");
      frames.removeIf(m -> m.get("type").equals("PING") && !pings);
      ScriptValues.check(expected, frames);
    }
  }
}
