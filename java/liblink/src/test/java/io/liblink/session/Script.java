package io.liblink.session;

import io.liblink.testing.RawFrame;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds one conversation of {@code spec/sessions}; the bytes come from {@link RawFrame}. */
final class Script {
  final Map<String, Object> top = new LinkedHashMap<>();
  final List<Map<String, Object>> steps = new ArrayList<>();

  Script(String name, String why, String spec, String role) {
    top.put("name", name);
    top.put("why", why);
    top.put("spec", spec);
    top.put("role", role);
  }

  /** The side under test takes less than usual. */
  Script own(String limit, long value) {
    @SuppressWarnings("unchecked")
    Map<String, Object> own =
        (Map<String, Object>) top.computeIfAbsent("own", k -> new LinkedHashMap<>());
    own.put(limit, value);
    return this;
  }

  private Script step(String action, Object value) {
    steps.add(map(action, value));
    return this;
  }

  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> m = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      m.put((String) pairs[i], pairs[i + 1]);
    }
    return m;
  }

  Script receive(RawFrame... frames) {
    List<byte[]> all = new ArrayList<>();
    for (RawFrame f : frames) {
      all.add(f.bytes());
    }
    return receive(FrameText.join(all));
  }

  Script receive(byte[] bytes) {
    return step("receive", hex(bytes));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final Script sent(Map<String, Object>... frames) {
    return step("sent", List.of(frames));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final Script told(Map<String, Object>... events) {
    return step("told", List.of(events));
  }

  Script advance(long millis) {
    return step("advance", millis);
  }

  Script open(String target, byte[] payload, long millis) {
    return step("open", map("target", target, "payload", payload(payload), "remaining_ms", millis));
  }

  Script openStreamed(String target, long credit) {
    return step(
        "open", map("target", target, "payload", "", "remaining_ms", 5000L, "credit", credit));
  }

  /** With {@code key} and {@code headers} if there are any. */
  Script publish(Object... more) {
    return step("publish", map(more));
  }

  Script subscribe(Object... more) {
    return step("subscribe", map(more));
  }

  Script dialed() {
    return step("dialed", true);
  }

  Script serviceEnds() {
    return step("service_ends", true);
  }

  Script reply(int stream, byte[] payload) {
    return step("reply", map("stream", stream, "payload", payload(payload)));
  }

  Script fail(int stream, String status) {
    return step("fail", map("stream", stream, "status", status));
  }

  Script item(int stream, byte[] payload) {
    return step("item", map("stream", stream, "payload", payload(payload)));
  }

  /** An item of a push, with a number of its own. */
  Script item(int stream, long sequence, byte[] payload) {
    return step("item", map("stream", stream, "sequence", sequence, "payload", payload(payload)));
  }

  Script push(String target) {
    return step("push", map("target", target));
  }

  Script ack(int stream, long sequence, String status) {
    return step("ack", map("stream", stream, "sequence", sequence, "status", status));
  }

  Script failRan(int stream, String status, String ran) {
    return step("fail", map("stream", stream, "status", status, "ran", ran));
  }

  Script grant(int stream, long items) {
    return step("grant", map("stream", stream, "items", items));
  }

  Script cancel(int stream) {
    return step("cancel", map("stream", stream));
  }

  Script drain() {
    return step("drain", true);
  }

  Script close(String status) {
    return step("close", status);
  }

  /** The link ended; what was told before does not matter. */
  Script ends(String status) {
    return step("ended", status);
  }

  Script lost() {
    return step("lost", true);
  }

  /** Runs of one byte are written short, so that a file stays readable. */
  static Object payload(byte[] bytes) {
    return hex(bytes);
  }

  static Object hex(byte[] bytes) {
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int at = 0;
    while (at < bytes.length) {
      int run = at;
      while (run < bytes.length && bytes[run] == bytes[at]) {
        run++;
      }
      if (run - at >= 64) {
        if (at > from) {
          parts.add(HexFormat.of().formatHex(bytes, from, at));
        }
        parts.add(List.of(HexFormat.of().toHexDigits(bytes[at]), run - at));
        from = run;
      }
      at = run;
    }
    if (from < bytes.length || parts.isEmpty()) {
      parts.add(HexFormat.of().formatHex(bytes, from, bytes.length));
    }
    return parts.size() == 1 && parts.get(0) instanceof String only ? only : parts;
  }
}
