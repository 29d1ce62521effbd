package io.liblink.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bad vectors: each is an error of the link by itself, whatever was said before on it. */
final class BadFrames {
  private static final byte[] NOTHING = new byte[0];
  private static final String[] NOT_UTF8 = {
    "80", "c080", "c1bf", "c3", "e08080", "e282", "eda080", "f08080af", "f4908080", "f5808080", "ff"
  };

  private final List<Vector> all = new ArrayList<>();

  List<Vector> all() {
    lengths();
    typesFlagsStreams();
    cutOff();
    leftOver();
    strings();
    headers();
    hellos();
    codes();
    largeMessages();
    return all;
  }

  private void bad(String name, String why, String error, byte[] bytes) {
    all.add(new Vector(name, why, error, bytes, null, false, error));
  }

  private void bad(String name, String why, String error, RawFrame frame) {
    bad(name, why, error, frame.bytes());
  }

  private void lengths() {
    RawFrame ping = RawFrame.ping(1);
    for (int length = 0; length < 6; length++) {
      bad("length-" + length, "shorter than type, flags and stream", "§3.1", ping.bytes(length));
    }
    bad("length-65543", "one above the least max_frame", "§3.1", ping.bytes(65543));
    bad("length-2gib", "the sign bit of a careless reader", "§3.1", ping.bytes(0x8000_0000L));
    bad("length-4gib", "announced, never sent", "§3.1", ping.bytes(0xFFFF_FFFFL));
    bad(
        "length-http",
        "'GET ' is a length of 1.2 GB",
        "§3.1",
        RawPeer.utf8("GET / HTTP/1.1\r\n\r\n"));
  }

  private void typesFlagsStreams() {
    for (int type : new int[] {0x00, 0x05, 0x0F, 0x17, 0x20, 0x7F}) {
      bad("type-" + type, "unknown and not optional", "§3.5", new RawFrame(type, 0, 1, NOTHING));
    }
    for (RawFrame f : one()) {
      String type = "%02x".formatted(f.type());
      int known = f.type() == 0x10
          ? 7
          : f.type() == 0x11 ? 3 : f.type() == 0x15 ? 2 : f.type() == 0x13 ? 1 : 0;
      for (int flag = 1; flag < 16; flag <<= 1) {
        if ((known & flag) == 0) {
          bad(
              "flag-" + flag + "-of-" + type,
              "unknown and not optional",
              "§3.5",
              new RawFrame(f.type(), flag, f.stream(), f.body()));
        }
      }
      bad(
          "stream-of-" + type,
          "a frame of the link on a stream, or the reverse",
          "§3.5",
          new RawFrame(f.type(), f.flags(), f.stream() == 0 ? 1 : 0, f.body()));
      if (f.stream() != 0) {
        bad(
            "stream-2gib-of-" + type,
            "above 2,147,483,647",
            "§3.5",
            new RawFrame(f.type(), f.flags(), 0x8000_0001L, f.body()));
      }
    }
    bad(
        "credit-bytes-on-stream",
        "bytes belong to the link",
        "§3.5",
        new RawFrame(0x13, 1, 1, RawFrame.credit(1, 1).body()));
  }

  /** A good one of each type. */
  private static List<RawFrame> one() {
    return List.of(
        RawFrame.hello("shop", "web-1"),
        RawFrame.ping(1),
        RawFrame.pong(1),
        RawFrame.goAway(1, 14, "draining"),
        RawFrame.call(1, "a/b", NOTHING),
        RawFrame.message(1, 1, NOTHING),
        RawFrame.fragment(1, new byte[] {1}),
        RawFrame.credit(1, 1),
        RawFrame.ack(1, 1, 9, "no"),
        RawFrame.reply(1, NOTHING),
        RawFrame.cancel(1, 1));
  }

  /** Cuts each frame before and inside of every field. */
  private void cutOff() {
    RawHello h = RawHello.of("shop", "web-1");
    cuts(
        "hello",
        1,
        0,
        0,
        new RawBytes().u16(1),
        s("shop"),
        s("web-1"),
        new RawBytes().raw(h.instance()),
        u32(65536),
        u32(65536),
        u32(1),
        u32(1),
        u32(65536),
        u32(0),
        s("raw/1"),
        u16(1),
        s("k"),
        s("value"));
    cuts("ping", 2, 0, 0, new RawBytes().u64(1));
    cuts("pong", 3, 0, 0, new RawBytes().u64(1));
    cuts("goaway", 4, 0, 0, u32(1), u8(14), s("draining"));
    cuts(
        "open",
        0x10,
        7,
        1,
        u8(1),
        u8(1),
        u32(5000),
        trace(),
        u32(16),
        s("a/b"),
        u16(1),
        s("k"),
        s("value"),
        s("text/plain"),
        u32(20000));
    cuts(
        "message",
        0x11,
        3,
        1,
        new RawBytes().u64(1),
        trace(),
        u16(1),
        s("k"),
        s("value"),
        s("text/plain"),
        u32(20000));
    cuts("credit", 0x13, 0, 1, u32(1));
    cuts("ack", 0x14, 0, 1, new RawBytes().u64(1), u8(9), s("rejected"));
    cuts(
        "close",
        0x15,
        2,
        1,
        u8(2),
        u8(6),
        u8(2),
        u16(1),
        s("k"),
        s("value"),
        s("text/plain"),
        u32(20000));
    cuts("close-ok", 0x15, 0, 1, u8(0), u16(1), s("k"), s("value"), s("text/plain"));
    cuts("cancel", 0x16, 0, 1, u8(1));
  }

  private void cuts(String name, int type, int flags, int stream, RawBytes... fields) {
    RawBytes before = new RawBytes();
    for (int i = 0; i < fields.length; i++) {
      byte[] field = fields[i].done();
      bad(
          "cut-" + name + "-before-" + i,
          "ends before a field",
          "§3.2",
          new RawFrame(type, flags, stream, before.done()));
      if (field.length > 1) {
        byte[] some = Arrays.copyOf(field, field.length - 1);
        bad(
            "cut-" + name + "-in-" + i,
            "ends inside a field",
            "§3.2",
            new RawFrame(
                type, flags, stream, new RawBytes().raw(before.done()).raw(some).done()));
      }
      before.raw(field);
    }
  }

  private static RawBytes u8(int value) {
    return new RawBytes().u8(value);
  }

  private static RawBytes u16(int value) {
    return new RawBytes().u16(value);
  }

  private static RawBytes u32(long value) {
    return new RawBytes().u32(value);
  }

  private static RawBytes s(String text) {
    return new RawBytes().str(text);
  }

  private static RawBytes trace() {
    return new RawBytes().hex("11".repeat(24)).u8(1);
  }

  private void leftOver() {
    for (RawFrame f : one()) {
      if (f.type() != 0x10 && f.type() != 0x11 && f.type() != 0x12 && f.type() != 0x15) {
        bad(
            "left-over-%02x".formatted(f.type()),
            "a byte behind the last field",
            "§3.2",
            new RawFrame(
                f.type(),
                f.flags(),
                f.stream(),
                new RawBytes().raw(f.body()).u8(0).done()));
      }
    }
    RawFrame more = RawFrame.largeCall(1, "a/b", 20000);
    bad(
        "left-over-more",
        "payload in a frame with MORE",
        "§3.2",
        new RawFrame(0x10, 2, 1, new RawBytes().raw(more.body()).u8(0).done()));
  }

  private void strings() {
    for (String hex : NOT_UTF8) {
      byte[] wrong = HexFormat.of().parseHex(hex);
      bad(
          "utf8-" + hex + "-target",
          "not UTF-8",
          "§3.2",
          RawFrame.of(0x10, 0, 1, RawFrame.open(1, 1).str(wrong).content(Map.of(), "", NOTHING)));
    }
    byte[] wrong = {'a', (byte) 0xC3, 'b'};
    RawBytes open = RawFrame.open(1, 1).str("a/b").u16(1).str(wrong).str("v").str("");
    bad("utf8-key", "not UTF-8", "§3.2", RawFrame.of(0x10, 0, 1, open));
    open = RawFrame.open(1, 1).str("a/b").u16(1).str("k").str(wrong).str("");
    bad("utf8-value", "not UTF-8", "§3.2", RawFrame.of(0x10, 0, 1, open));
    open = RawFrame.open(1, 1).str("a/b").u16(0).str(wrong);
    bad("utf8-content-type", "not UTF-8", "§3.2", RawFrame.of(0x10, 0, 1, open));
    bad(
        "utf8-goaway",
        "not UTF-8",
        "§3.2",
        RawFrame.of(4, 0, 0, new RawBytes().u32(1).u8(14).str(wrong)));
    bad(
        "utf8-ack",
        "not UTF-8",
        "§3.2",
        RawFrame.of(0x14, 0, 1, new RawBytes().u64(1).u8(9).str(wrong)));
    bad(
        "utf8-node",
        "not UTF-8",
        "§3.2",
        RawFrame.of(1, 0, 0, new RawBytes().u16(1).str("shop").str(wrong).raw(new byte[50])));

    open = RawFrame.open(1, 1).str("t".repeat(193)).content(Map.of(), "", NOTHING);
    bad("long-target", "193 bytes", "§3.2", RawFrame.of(0x10, 0, 1, open));
    open = RawFrame.open(1, 1).str("a/b").content(Map.of(), "t".repeat(256), NOTHING);
    bad("long-content-type", "256 bytes", "§3.2", RawFrame.of(0x10, 0, 1, open));
    bad("long-reason-goaway", "4097 bytes", "§3.2", RawFrame.goAway(1, 14, "r".repeat(4097)));
    bad("long-reason-ack", "4097 bytes", "§3.2", RawFrame.ack(1, 1, 9, "r".repeat(4097)));
    bad(
        "long-agent",
        "256 bytes",
        "§3.2",
        hello().with("a".repeat(256), Map.of()).frame());
  }

  private static RawHello hello() {
    return RawHello.of("shop", "web-1");
  }

  private void headers() {
    for (String key :
        new String[] {"", "Tenant", "tenanT", "a b", "tab\t", "a\u007f", "é", "a\u0000"}) {
      header(
          "header-key-" + HexFormat.of().formatHex(RawPeer.utf8(key)),
          "a key that is none",
          Map.of(key, "v"));
    }
    header("header-key-129", "a key of 129", Map.of("k".repeat(129), "v"));
    header("header-bytes", "16385 bytes", Map.of("k", "v".repeat(16385 - 4 - 1)));
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 129; i++) {
      many.put("h" + i, "");
    }
    header("header-129", "129 headers", many);
    RawBytes open = RawFrame.open(1, 1).str("a/b").u16(0xFFFF);
    bad("header-65535", "announced in a small frame", "§3.3", RawFrame.of(0x10, 0, 1, open));
    RawBytes twice = RawFrame.open(1, 1)
        .str("a/b")
        .u16(2)
        .str("k")
        .str("v")
        .str("k")
        .str("w")
        .str("");
    bad("header-twice", "a key twice", "§3.3", RawFrame.of(0x10, 0, 1, twice));
    bad(
        "header-twice-message",
        "also in MESSAGE",
        "§3.3",
        RawFrame.of(
            0x11,
            0,
            1,
            new RawBytes().u64(1).u16(2).str("k").str("v").str("k").str("v").str("")));
    bad(
        "header-capital-close",
        "also in CLOSE",
        "§3.3",
        RawFrame.of(0x15, 0, 1, new RawBytes().u8(0).content(Map.of("K", "v"), "", NOTHING)));
  }

  private void header(String name, String why, Map<String, String> headers) {
    bad(
        name,
        why,
        "§3.3",
        RawFrame.of(0x10, 0, 1, RawFrame.open(1, 1).str("a/b").content(headers, "", NOTHING)));
  }

  private void hellos() {
    for (int version : new int[] {0, 2, 0xFFFF}) {
      bad(
          "hello-version-" + version,
          "another version",
          "§4.1",
          hello().version(version).frame());
    }
    bad(
        "hello-max-frame",
        "65535",
        "§4.1",
        hello().with(65535, 16384, 1, 1, 32768).frame());
    bad(
        "hello-max-message",
        "16383",
        "§4.1",
        hello().with(65536, 16383, 1, 1, 32768).frame());
    bad("hello-window", "32767", "§4.1", hello().with(65536, 16384, 1, 1, 32767).frame());
    bad(
        "hello-window-0",
        "would never move",
        "§4.1",
        hello().limits(65536, 1, 0).frame());
    for (String cluster :
        new String[] {"", "Shop", "-shop", ".shop", "sh_op", "s".repeat(64), "shöp"}) {
      bad(
          "hello-cluster-" + HexFormat.of().formatHex(RawPeer.utf8(cluster)),
          "not a cluster name",
          "§3.6",
          RawFrame.hello(cluster, "web-1"));
    }
    for (String node : new String[] {"", "-web", "_web", "we b", "w/b", "w".repeat(64), "wéb"}) {
      bad(
          "hello-node-" + HexFormat.of().formatHex(RawPeer.utf8(node)),
          "not a node name",
          "§3.6",
          RawFrame.hello("shop", node));
    }
    for (String key : new String[] {"", "a.b", "a b", "é", "k".repeat(129)}) {
      bad(
          "hello-metadata-key-" + HexFormat.of().formatHex(RawPeer.utf8(key)),
          "not a metadata key",
          "§3.6",
          hello().with("x", Map.of(key, "v")).frame());
    }
    bad(
        "hello-metadata-bytes",
        "16385 bytes",
        "§4.1",
        hello().with("x", Map.of("k", "v".repeat(16385 - 4 - 1))).frame());
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 129; i++) {
      many.put("k" + i, "");
    }
    bad("hello-metadata-129", "129 pairs", "§4.1", hello().with("x", many).frame());
    byte[] none = hello().with("x", Map.of()).frame().body();
    RawBytes twice = new RawBytes().raw(Arrays.copyOf(none, none.length - 2));
    bad(
        "hello-metadata-twice",
        "a key twice",
        "§4.1",
        RawFrame.of(1, 0, 0, twice.u16(2).str("k").str("v").str("k").str("v")));
  }

  private void codes() {
    for (int status : new int[] {17, 128, 255}) {
      bad(
          "status-" + status + "-close",
          "no such status",
          "§3.4",
          RawFrame.failure(1, status, 6, 2, "x"));
      bad(
          "status-" + status + "-goaway",
          "no such status",
          "§3.4",
          RawFrame.goAway(1, status, "x"));
      bad("status-" + status + "-ack", "no such status", "§3.4", RawFrame.ack(1, 1, status, "x"));
      bad("status-" + status + "-cancel", "no such status", "§3.4", RawFrame.cancel(1, status));
    }
    bad("stage-7", "no such stage", "§4.10", RawFrame.failure(1, 2, 7, 2, "x"));
    bad("stage-255", "no such stage", "§4.10", RawFrame.failure(1, 2, 255, 2, "x"));
    bad("ran-3", "no such ran", "§4.10", RawFrame.failure(1, 2, 6, 3, "x"));
    bad("ran-255", "no such ran", "§4.10", RawFrame.failure(1, 2, 6, 255, "x"));
    for (int kind : new int[] {0, 4, 255}) {
      RawBytes open = RawFrame.open(kind, 1).str("a/b").content(Map.of(), "", NOTHING);
      bad("kind-" + kind, "no such kind", "§4.5", RawFrame.of(0x10, 0, 1, open));
    }
    RawBytes zeroth = u8(1).u8(0).u32(1).str("a/b").content(Map.of(), "", NOTHING);
    bad("attempt-0", "the first is 1", "§4.5", RawFrame.of(0x10, 0, 1, zeroth));
    bad("cancel-ok", "nothing is cancelled by OK", "§4.11", RawFrame.cancel(1, 0));
    bad("credit-0-items", "says nothing", "§4.8", RawFrame.credit(1, 0));
    bad("credit-0-bytes", "says nothing", "§4.8", RawFrame.creditBytes(0));
    bad("goaway-2gib", "no stream has that number", "§4.4", RawFrame.goAway(0x8000_0000L, 14, ""));
    bad("goaway-4gib", "no stream has that number", "§4.4", RawFrame.goAway(0xFFFF_FFFFL, 14, ""));
  }

  private void largeMessages() {
    for (long total : new long[] {0, 1, 16384}) {
      bad(
          "more-" + total + "-open",
          "fits into the frame",
          "§5.2",
          RawFrame.largeCall(1, "a/b", total));
      bad(
          "more-" + total + "-message",
          "fits into the frame",
          "§5.2",
          RawFrame.of(0x11, 2, 1, new RawBytes().u64(1).contentToFollow(Map.of(), "", total)));
      bad(
          "more-" + total + "-close",
          "fits into the frame",
          "§5.2",
          RawFrame.of(0x15, 2, 1, new RawBytes().u8(0).contentToFollow(Map.of(), "", total)));
    }
    byte[] large = new byte[16385];
    bad("whole-16385-open", "needs MORE", "§5.1", RawFrame.call(1, "a/b", large));
    bad("whole-16385-message", "needs MORE", "§5.1", RawFrame.message(1, 1, large));
    bad("whole-16385-close", "needs MORE", "§5.1", RawFrame.reply(1, large));
    bad("continue-0", "empty: would cost no credit", "§4.7", RawFrame.fragment(1, NOTHING));
    bad("continue-32769", "too large", "§4.7", RawFrame.fragment(1, new byte[32769]));
  }
}
