package io.liblink.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The good vectors: fields beside the bytes that {@link RawBytes} makes of them. */
final class GoodFrames {
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN_ID = "00f067aa0ba902b7";
  private static final String[] STATUS = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"
  };
  private static final String[] STAGE = {
    "DISCOVER", "SELECT", "AUTHORIZE", "CONNECT", "SEND", "WAIT", "HANDLE"
  };
  private static final String[] RAN = {"NO", "MAYBE", "YES"};
  private static final byte[] NOTHING = new byte[0];

  private final List<Vector> all = new ArrayList<>();

  List<Vector> all() {
    hellos();
    linkFrames();
    opens();
    contents();
    streamFrames();
    closes();
    tolerated();
    return all;
  }

  private void add(String name, String why, String spec, RawFrame raw, Map<String, Object> frame) {
    all.add(new Vector(name, why, spec, raw.bytes(), frame, true, null));
  }

  private static Map<String, Object> fields(String type, long stream, String... flags) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("flags", List.of(flags));
    fields.put("stream", stream);
    return fields;
  }

  private void hellos() {
    hello("hello", "the usual one", RawHello.of("shop", "web-1"));
    RawHello h = RawHello.of("shop", "web-1");
    hello(
        "hello-metadata",
        "metadata with an empty and a non-ASCII value, capitals in a key",
        h.with("liblink-java/0.1.0", ordered("zone", "eu", "empty", "", "Owner_1", "Zoë 🦊")));
    hello("hello-least", "the least limits", h.with(65536, 16384, 0, 0, 32768));
    long max = 0xFFFF_FFFFL;
    hello("hello-most", "all limits at the end of u32", h.with(max, max, max, max, max));
    hello("hello-shortest-names", "names of one character", RawHello.of("0", "A"));
    hello(
        "hello-longest-names",
        "names of 63 characters",
        RawHello.of("a".repeat(62) + ".", "Z".repeat(60) + "._-"));
    hello("hello-no-agent", "an empty string stands for none", h.with("", Map.of()));
    hello("hello-longest-agent", "255 bytes", h.with("é".repeat(127) + "x", Map.of()));
    hello(
        "hello-features",
        "bits of features that nobody knows are not an error",
        new RawHello(
            1, "shop", "web-1", h.instance(), 65536, 16384, 1, 1, 32768, max, "x", Map.of()));
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 128; i++) {
      many.put("k" + i, "");
    }
    hello("hello-most-metadata", "128 pairs", h.with("raw/1", many));
  }

  private void hello(String name, String why, RawHello h) {
    Map<String, Object> f = fields("HELLO", 0);
    f.put("version", h.version());
    f.put("cluster", h.cluster());
    f.put("node", h.node());
    f.put("instance", HexFormat.of().formatHex(h.instance()));
    f.put("max_frame", h.maxFrame());
    f.put("max_message", h.maxMessage());
    f.put("max_streams", h.maxStreams());
    f.put("keepalive_ms", h.keepaliveMillis());
    f.put("window", h.window());
    f.put("features", h.features());
    f.put("agent", h.agent());
    f.put("metadata", pairs(h.metadata()));
    add(name, why, "§4.1", h.frame(), f);
  }

  private void linkFrames() {
    for (long opaque : new long[] {0, 0x0123456789abcdefL, -1}) {
      String hex = HexFormat.of().toHexDigits(opaque);
      Map<String, Object> ping = fields("PING", 0);
      ping.put("opaque", hex);
      add("ping-" + hex, "any eight bytes", "§4.2", RawFrame.ping(opaque), ping);
      Map<String, Object> pong = fields("PONG", 0);
      pong.put("opaque", hex);
      add("pong-" + hex, "repeats those of the PING", "§4.3", RawFrame.pong(opaque), pong);
    }
    goAway("goaway-drain", "draining: what was taken is finished", 41, 14, "draining");
    goAway("goaway-nothing-taken", "0: no stream was taken", 0, 14, "");
    goAway("goaway-idle", "OK: nothing is wrong", 7, 0, "idle");
    goAway("goaway-last", "the largest stream", 0x7FFF_FFFFL, 3, "broken: §3.1");
    goAway("goaway-longest-reason", "4096 bytes", 1, 13, "r".repeat(4096));
    for (long amount : new long[] {1, 65536, 0xFFFF_FFFFL}) {
      Map<String, Object> items = fields("CREDIT", 3);
      items.put("amount", amount);
      add("credit-items-" + amount, "items on a stream", "§4.8", RawFrame.credit(3, amount), items);
      Map<String, Object> bytes = fields("CREDIT", 0, "BYTES");
      bytes.put("amount", amount);
      add(
          "credit-bytes-" + amount,
          "bytes on the link",
          "§4.8",
          RawFrame.creditBytes(amount),
          bytes);
    }
  }

  private void goAway(String name, String why, long last, int status, String reason) {
    Map<String, Object> f = fields("GOAWAY", 0);
    f.put("last_stream", last);
    f.put("status", STATUS[status]);
    f.put("reason", reason);
    add(name, why, "§4.4", RawFrame.goAway(last, status, reason), f);
  }

  private void opens() {
    open("open-call", "no flag, no payload", 1, 1, 5000, -1, false, "pricing/quote");
    open("open-traced", "TRACE", 1, 1, 5000, -1, true, "pricing/quote");
    open("open-streamed", "STREAM with credit", 1, 1, 5000, 16, false, "pricing/all");
    open("open-streamed-no-credit", "credit may come later", 1, 1, 5000, 0, false, "pricing/all");
    open("open-streamed-most", "the end of u32", 1, 1, 1, 0xFFFF_FFFFL, false, "pricing/all");
    open("open-streamed-traced", "TRACE before credit", 1, 2, 5000, 1, true, "pricing/all");
    open("open-subscribe", "a topic", 2, 1, RawFrame.NO_DEADLINE, 256, true, "pricing/changed");
    open("open-push", "a queue", 3, 1, RawFrame.NO_DEADLINE, -1, false, "pricing/recalculate");
    open("open-no-time", "nothing is left", 1, 1, 0, -1, false, "a/b");
    open("open-longest-deadline", "one less than none", 1, 1, 0xFFFF_FFFEL, -1, false, "a/b");
    open("open-last-attempt", "255 and later ones", 1, 255, 5000, -1, false, "a/b");
    String longest = "s".repeat(63) + "/" + "m".repeat(128);
    open("open-longest-target", "192 bytes", 1, 1, 5000, -1, false, longest);
    open(
        "open-no-target",
        "names nothing: the stream is refused, not the link",
        1,
        1,
        1,
        -1,
        false,
        "");
    open("open-strange-target", "names nothing, as above", 1, 1, 1, -1, false, "über//alles ");
  }

  private void open(
      String name,
      String why,
      int kind,
      int attempt,
      long left,
      long credit,
      boolean trace,
      String to) {
    content(name, why, "§4.5", NOTHING, -1, Map.of(), "", (f, b, flags) -> {
      f.put("kind", new String[] {"call", "subscribe", "push"}[kind - 1]);
      f.put("attempt", attempt);
      f.put("remaining_ms", left);
      b.u8(kind).u8(attempt).u32(left);
      if (trace) {
        trace(f, b, flags);
      }
      if (credit >= 0) {
        flags.add("STREAM");
        f.put("credit", credit);
        b.u32(credit);
      }
      f.put("target", to);
      b.str(to);
    });
  }

  private static void trace(Map<String, Object> f, RawBytes b, List<String> flags) {
    flags.add("TRACE");
    Map<String, Object> trace = new LinkedHashMap<>();
    trace.put("trace_id", TRACE_ID);
    trace.put("span_id", SPAN_ID);
    trace.put("flags", 3);
    f.put("trace", trace);
    b.hex(TRACE_ID).hex(SPAN_ID).u8(3);
  }

  private interface Head {
    void write(Map<String, Object> fields, RawBytes body, List<String> flags);
  }

  /** OPEN by default; §4.6 makes it a MESSAGE, §4.10 a CLOSE. */
  private void content(
      String name,
      String why,
      String spec,
      byte[] payload,
      long total,
      Map<String, String> headers,
      String contentType,
      Head head) {
    String type = spec.equals("§4.6") ? "MESSAGE" : spec.equals("§4.10") ? "CLOSE" : "OPEN";
    int code = spec.equals("§4.6") ? 0x11 : spec.equals("§4.10") ? 0x15 : 0x10;
    Map<String, Object> f = fields(type, 5);
    List<String> flags = new ArrayList<>();
    RawBytes body = new RawBytes();
    head.write(f, body, flags);
    f.put("headers", pairs(headers));
    f.put("content_type", contentType);
    if (total < 0) {
      f.put("payload", Vector.hex(payload));
      body.content(headers, contentType, payload);
    } else {
      flags.add("MORE");
      f.put("total", total);
      body.contentToFollow(headers, contentType, total);
    }
    f.put("flags", flags);
    int bits = 0;
    for (String flag : flags) {
      bits |= flag.equals("TRACE") ? 1 : flag.equals("MORE") ? 2 : 4;
    }
    add(name, why, spec, new RawFrame(code, bits, 5, body.done()), f);
  }

  private void contents() {
    Head call = (f, b, flags) -> {
      f.put("kind", "call");
      f.put("attempt", 1);
      f.put("remaining_ms", 5000);
      b.u8(1).u8(1).u32(5000);
      f.put("target", "a/b");
      b.str("a/b");
    };
    byte[] text = RawPeer.utf8("{\"id\":\"A-1\"}");
    String json = "application/json";
    content("open-payload", "content type and payload", "§4.5", text, -1, Map.of(), json, call);
    content(
        "open-headers",
        "order is kept; values may be empty or not ASCII; keys may hold signs",
        "§4.5",
        text,
        -1,
        ordered("tenant", "acme", "empty", "", "name", "Zoë 🦊", "x-1_2.3~!", " a b "),
        json,
        call);
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 128; i++) {
      many.put("h" + i, "v");
    }
    content("open-most-headers", "128 of them", "§4.5", NOTHING, -1, many, "", call);
    content(
        "open-largest-headers",
        "16384 bytes, the longest key",
        "§4.5",
        NOTHING,
        -1,
        Map.of("k".repeat(128), "v".repeat(16384 - 4 - 128)),
        "",
        call);
    byte[] largest = new byte[16384];
    Arrays.fill(largest, (byte) 'p');
    content(
        "open-largest-payload",
        "16384 bytes in one frame",
        "§4.5",
        largest,
        -1,
        Map.of(),
        "",
        call);
    String longest = "t".repeat(255);
    content("open-longest-type", "255 bytes", "§4.5", NOTHING, -1, Map.of(), longest, call);
    content("open-more", "the payload follows", "§4.5", NOTHING, 16385, Map.of(), json, call);
    content(
        "open-more-most",
        "4 GiB announced: whether it is taken is up to max_message",
        "§4.5",
        NOTHING,
        0xFFFF_FFFFL,
        Map.of(),
        "",
        call);
    content(
        "open-all-flags",
        "TRACE, MORE and STREAM",
        "§4.5",
        NOTHING,
        1 << 20,
        Map.of("a", "b"),
        json,
        (f, b, flags) -> {
          f.put("kind", "call");
          f.put("attempt", 1);
          f.put("remaining_ms", 1);
          b.u8(1).u8(1).u32(1);
          trace(f, b, flags);
          flags.add("STREAM");
          f.put("credit", 8);
          b.u32(8);
          f.put("target", "a/b");
          b.str("a/b");
        });
  }

  private void streamFrames() {
    byte[] payload = {0, 1, 2, (byte) 0xFF};
    message("message", "the first item", 1, false, payload, -1);
    message("message-traced", "TRACE", 2, true, payload, -1);
    message("message-more", "MORE", 3, false, NOTHING, 16385);
    message("message-traced-more", "TRACE and MORE", 4, true, NOTHING, 1 << 30);
    message("message-last", "the end of u64", -1, false, NOTHING, -1);
    for (int size : new int[] {1, 32768}) {
      byte[] fragment = new byte[size];
      Arrays.fill(fragment, (byte) 'f');
      Map<String, Object> f = fields("CONTINUE", 5);
      f.put("payload", Vector.hex(fragment));
      add("continue-" + size, "a fragment", "§4.7", RawFrame.fragment(5, fragment), f);
    }
    ack("ack", "done", 1, 0, "");
    ack("ack-rejected", "why not", -1, 9, "no such order");
    ack("ack-longest-reason", "4096 bytes", 2, 2, "r".repeat(4096));
    for (int status : new int[] {1, 4, 8}) {
      Map<String, Object> f = fields("CANCEL", 0x7FFF_FFFFL);
      f.put("status", STATUS[status]);
      add("cancel-" + status, "lost interest", "§4.11", RawFrame.cancel(0x7FFF_FFFFL, status), f);
    }
  }

  private void message(
      String name, String why, long sequence, boolean trace, byte[] payload, long total) {
    content(name, why, "§4.6", payload, total, Map.of(), "", (f, b, flags) -> {
      f.put("sequence", Long.toUnsignedString(sequence));
      b.u64(sequence);
      if (trace) {
        trace(f, b, flags);
      }
    });
  }

  private void ack(String name, String why, long sequence, int status, String reason) {
    Map<String, Object> f = fields("ACK", 7);
    f.put("sequence", Long.toUnsignedString(sequence));
    f.put("status", STATUS[status]);
    f.put("reason", reason);
    add(name, why, "§4.9", RawFrame.ack(7, sequence, status, reason), f);
  }

  private void closes() {
    Head ok = (f, b, flags) -> {
      f.put("status", "OK");
      b.u8(0);
    };
    byte[] reply = RawPeer.utf8("42");
    content("close-ok", "a reply", "§4.10", reply, -1, Map.of("a", "b"), "text/plain", ok);
    content("close-ok-empty", "nothing to say", "§4.10", NOTHING, -1, Map.of(), "", ok);
    content("close-ok-more", "a large reply", "§4.10", NOTHING, 1 << 20, Map.of(), "", ok);
    for (int status = 1; status < STATUS.length; status++) {
      close(status, status % STAGE.length, status % RAN.length, -1);
    }
    close(2, 6, 2, 16385);
  }

  private void close(int status, int stage, int ran, long total) {
    String name = "close-" + status + (total < 0 ? "" : "-more");
    byte[] text = total < 0 ? RawPeer.utf8("what failed") : NOTHING;
    content(name, "a failure", "§4.10", text, total, Map.of(), "text/plain", (f, b, flags) -> {
      f.put("status", STATUS[status]);
      f.put("stage", STAGE[stage]);
      f.put("ran", RAN[ran]);
      b.u8(status).u8(stage).u8(ran);
    });
  }

  /** What a receiver must bear although no sender of this version writes it. */
  private void tolerated() {
    Map<String, Object> ping = fields("PING", 0);
    ping.put("opaque", "0000000000000007");
    for (int flag : new int[] {0x10, 0x80, 0xF0}) {
      odd(
          "ping-optional-flag-" + flag,
          "unknown optional flags are ignored",
          new RawFrame(2, flag, 0, RawFrame.ping(7).body()),
          ping);
    }
    Map<String, Object> credit = fields("CREDIT", 0, "BYTES");
    credit.put("amount", 9);
    odd(
        "credit-optional-flag",
        "beside a known one",
        new RawFrame(0x13, 0x41, 0, RawFrame.creditBytes(9).body()),
        credit);
    odd("optional-type", "skipped", new RawFrame(0x80, 0, 0, new byte[] {1, 2, 3}), null);
    odd(
        "optional-type-any-stream",
        "skipped on any stream, with any flags",
        new RawFrame(0xFF, 0xFF, 0xFFFF_FFFFL, NOTHING),
        null);
    odd(
        "optional-type-longest",
        "up to the limit of frames",
        new RawFrame(0x91, 1, 1, new byte[65536]),
        null);
    Map<String, Object> untraced = fields("MESSAGE", 5);
    untraced.put("sequence", "1");
    untraced.put("headers", List.of());
    untraced.put("content_type", "");
    untraced.put("payload", "");
    Consumer<String> zero = trace -> odd(
        "message-trace-" + trace.substring(0, 2),
        "zeros are no trace context",
        new RawFrame(
            0x11,
            1,
            5,
            new RawBytes()
                .u64(1)
                .hex(trace)
                .u8(1)
                .content(Map.of(), "", NOTHING)
                .done()),
        untraced);
    zero.accept("00".repeat(16) + SPAN_ID);
    zero.accept(TRACE_ID + "00".repeat(8));
  }

  private void odd(String name, String why, RawFrame raw, @Nullable Map<String, Object> frame) {
    String spec = raw.type() == 0x11 ? "§4.5" : "§3.5";
    all.add(new Vector(name, why, spec, raw.bytes(), frame, false, null));
  }

  private static Map<String, String> ordered(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private static List<List<String>> pairs(Map<String, String> map) {
    List<List<String>> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(List.of(key, value)));
    return pairs;
  }
}
