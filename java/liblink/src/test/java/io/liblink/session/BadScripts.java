package io.liblink.session;

import static io.liblink.session.FrameText.filled;
import static io.liblink.session.SessionScripts.HI;
import static io.liblink.session.SessionScripts.acceptor;
import static io.liblink.session.SessionScripts.goAway;
import static io.liblink.session.SessionScripts.opened;
import static io.liblink.session.SessionScripts.ownHello;
import static io.liblink.session.SessionScripts.start;
import static io.liblink.session.SessionScripts.told;
import static io.liblink.testing.RawFrame.ACK;
import static io.liblink.testing.RawFrame.BYTES;
import static io.liblink.testing.RawFrame.CLOSE;
import static io.liblink.testing.RawFrame.CONTINUE;
import static io.liblink.testing.RawFrame.CREDIT;
import static io.liblink.testing.RawFrame.GOAWAY;
import static io.liblink.testing.RawFrame.HELLO;
import static io.liblink.testing.RawFrame.MESSAGE;
import static io.liblink.testing.RawFrame.MORE;
import static io.liblink.testing.RawFrame.OPEN;
import static io.liblink.testing.RawFrame.PING;
import static io.liblink.testing.RawFrame.PONG;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code spec/sessions/bad.json}: the rows of §10.1 that end a link, and those that do not. */
final class BadScripts {
  private static final String INVALID = "INVALID_ARGUMENT";
  private static final String OUT_OF_PLACE = "FAILED_PRECONDITION";
  private static final String UNKNOWN = "UNIMPLEMENTED";
  private static final byte[] NOT_UTF8 = {(byte) 0xC0, (byte) 0x80};

  private final List<Script> scripts = new ArrayList<>();

  List<Script> all() {
    lengths();
    types();
    fields();
    numbers();
    headers();
    beforeHello();
    streams();
    sides();
    harmless();
    return scripts;
  }

  /** After HELLO, with the call 1 open, to an acceptor. */
  private void bad(String name, String why, String status, byte[] bytes) {
    Script s = opened(acceptor(name, why, "§10.1")).receive(RawFrame.call(1, "a/b", HI));
    scripts.add(s.receive(bytes).sent(goAway(status)).ends(status));
  }

  private void bad(String name, String why, String status, RawFrame frame) {
    bad(name, why, status, frame.bytes());
  }

  private static byte[] header(long length, int type) {
    return new RawBytes().u32(length).u8(type).u8(0).u32(0).done();
  }

  private void lengths() {
    for (long length : new long[] {0, 5, 65_543, 0x7FFF_FFFFL, 0xFFFF_FFFFL}) {
      bad("length-" + length, "6 to max_frame + 6", INVALID, header(length, PING));
      scripts.add(acceptor("length-" + length + "-before-hello", "the same", "§10.1")
          .sent(ownHello())
          .receive(header(length, HELLO))
          .sent(goAway(INVALID))
          .ends(INVALID));
    }
    bad(
        "length-beats-type",
        "of a frame that would be skipped, too",
        INVALID,
        header(65_543, 0x80));
    bad("http", "another protocol", INVALID, "GET / HTTP/1.1\r\n\r\n".getBytes());
  }

  private void types() {
    for (int type : new int[] {0, 5, 0x0F, 0x17, 0x7F}) {
      bad("type-" + type, "unknown", UNKNOWN, new RawFrame(type, 0, 0, HI));
    }
    bad("flag-ping", "it has none", UNKNOWN, new RawFrame(PING, 1, 0, new byte[8]));
    bad("flag-open", "8 is unknown", UNKNOWN, withFlags(RawFrame.call(3, "a/b", HI), 8));
    bad("flag-cancel", "it has none", UNKNOWN, withFlags(RawFrame.cancel(1, 1), 2));
    bad("flag-stream-close", "not on CLOSE", UNKNOWN, withFlags(RawFrame.reply(1, HI), 4));
  }

  private static RawFrame withFlags(RawFrame f, int flags) {
    return new RawFrame(f.type(), flags, f.stream(), f.body());
  }

  private static RawFrame withStream(RawFrame f, long stream) {
    return new RawFrame(f.type(), f.flags(), stream, f.body());
  }

  private static RawFrame longer(RawFrame f) {
    return new RawFrame(
        f.type(), f.flags(), f.stream(), new RawBytes().raw(f.body()).u8(0).done());
  }

  private static RawFrame shorter(RawFrame f) {
    return new RawFrame(
        f.type(), f.flags(), f.stream(), java.util.Arrays.copyOf(f.body(), f.body().length - 1));
  }

  private void fields() {
    for (RawFrame f : List.of(
        RawFrame.ping(1),
        RawFrame.pong(1),
        RawFrame.goAway(0, 0, "bye"),
        RawFrame.credit(1, 1),
        RawFrame.creditBytes(1),
        RawFrame.ack(1, 1, 0, "no"),
        RawFrame.cancel(1, 1))) {
      bad("longer-" + name(f), "bytes left over", INVALID, longer(f));
      bad("shorter-" + name(f), "a field cut off", INVALID, shorter(f));
    }
    bad(
        "open-cut",
        "in its target",
        INVALID,
        new RawFrame(OPEN, 0, 3, RawFrame.open(1, 1).u16(5).done()));
    bad(
        "open-not-utf8",
        "the target",
        INVALID,
        RawFrame.of(OPEN, 0, 3, RawFrame.open(1, 1).str(NOT_UTF8).content(Map.of(), "", HI)));
    bad("open-long-target", "193 bytes", INVALID, RawFrame.call(3, "a/" + "b".repeat(191), HI));
    bad(
        "type-too-long",
        "256 bytes",
        INVALID,
        RawFrame.of(
            OPEN, 0, 3, RawFrame.open(1, 1).str("a/b").content(Map.of(), "t".repeat(256), HI)));
    bad("reason-too-long", "4097 bytes", INVALID, RawFrame.goAway(0, 0, "r".repeat(4097)));
    bad(
        "more-behind-total",
        "a payload in a frame with MORE",
        INVALID,
        longer(RawFrame.largeCall(3, "a/b", 20_000)));
    bad(
        "payload-too-large",
        "16385 without MORE",
        INVALID,
        RawFrame.call(3, "a/b", filled(1, 16_385)));
    bad("total-too-small", "16384 with MORE", INVALID, RawFrame.largeCall(3, "a/b", 16_384));
  }

  private static String name(RawFrame f) {
    return switch (f.type()) {
      case PING -> "ping";
      case PONG -> "pong";
      case GOAWAY -> "goaway";
      case CREDIT -> f.flags() == BYTES ? "credit-bytes" : "credit";
      case ACK -> "ack";
      default -> "cancel";
    };
  }

  private void numbers() {
    bad("status-17", "in CANCEL", INVALID, RawFrame.cancel(1, 17));
    bad("cancel-ok", "is none", INVALID, RawFrame.cancel(1, 0));
    bad("status-17-goaway", "in GOAWAY", INVALID, RawFrame.goAway(0, 17, ""));
    bad("goaway-beyond-streams", "2147483648", INVALID, RawFrame.goAway(0x8000_0000L, 14, ""));
    bad("credit-0", "of items", INVALID, RawFrame.credit(1, 0));
    bad("credit-bytes-0", "of bytes", INVALID, RawFrame.creditBytes(0));
    bad("kind-0", "unknown", INVALID, open(0, 1));
    bad("kind-4", "unknown", INVALID, open(4, 1));
    bad("attempt-0", "the first is 1", INVALID, open(1, 0));
  }

  private static RawFrame open(int kind, int attempt) {
    return RawFrame.of(
        OPEN,
        0,
        3,
        new RawBytes().u8(kind).u8(attempt).u32(1).str("a/b").content(Map.of(), "", HI));
  }

  private void headers() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 129; i++) {
      many.put("k" + i, "");
    }
    header("too-many-headers", "129", new RawBytes().pairs(many));
    header(
        "headers-too-large", "16385 bytes", new RawBytes().u16(1).str("k").str("v".repeat(16_380)));
    header("header-twice", "k", new RawBytes().u16(2).str("k").str("1").str("k").str("2"));
    header("header-capital", "K", new RawBytes().u16(1).str("K").str("1"));
    header("header-empty", "a key of no bytes", new RawBytes().u16(1).str("").str("1"));
    header("header-not-utf8", "a value", new RawBytes().u16(1).str("k").str(NOT_UTF8));
    header("header-cut", "2 announced, 1 there", new RawBytes().u16(2).str("k").str("1"));
  }

  private void header(String name, String why, RawBytes pairs) {
    byte[] body = RawFrame.open(1, 1).str("a/b").raw(pairs.done()).str("").done();
    bad(name, why, INVALID, new RawFrame(OPEN, 0, 3, body));
  }

  private void beforeHello() {
    List<RawFrame> frames = List.of(
        RawFrame.ping(1),
        RawFrame.pong(1),
        RawFrame.call(1, "a/b", HI),
        RawFrame.message(1, 1, HI),
        RawFrame.fragment(1, HI),
        RawFrame.credit(1, 1),
        RawFrame.creditBytes(1),
        RawFrame.ack(1, 1, 0, ""),
        RawFrame.reply(2, HI),
        RawFrame.cancel(1, 1));
    for (String role : new String[] {"acceptor", "dialer"}) {
      for (RawFrame f : frames) {
        Script s = start(
            "before-hello-" + role + "-" + f.type() + "-" + f.flags(),
            "HELLO is the first frame",
            "§10.1",
            role);
        s = role.equals("acceptor") ? s.sent(ownHello()) : s.sent();
        scripts.add(s.receive(f).sent(goAway(OUT_OF_PLACE)).ends(OUT_OF_PLACE));
      }
    }
  }

  private void streams() {
    bad("ping-on-a-stream", "it is of the link", INVALID, withStream(RawFrame.ping(1), 1));
    bad("open-on-0", "it is of a stream", INVALID, withStream(RawFrame.call(1, "a/b", HI), 0));
    bad("credit-on-0", "of items", INVALID, RawFrame.credit(0, 1));
    bad("credit-bytes-on-1", "of bytes", INVALID, withStream(RawFrame.creditBytes(1), 1));
    bad("fragment-on-0", "it is of a stream", INVALID, RawFrame.fragment(0, HI));
    bad("stream-too-high", "2147483649", INVALID, RawFrame.call(0x8000_0001L, "a/b", HI));
    bad("wrong-side", "an even number by the dialer", OUT_OF_PLACE, RawFrame.call(2, "a/b", HI));
    bad("used-before", "1 again", OUT_OF_PLACE, RawFrame.call(1, "a/b", HI));
    for (RawFrame f : List.of(
        RawFrame.message(3, 1, HI),
        RawFrame.fragment(3, HI),
        RawFrame.credit(3, 1),
        RawFrame.ack(3, 1, 0, ""),
        RawFrame.cancel(3, 1))) {
      bad("never-opened-" + f.type(), "by the peer", OUT_OF_PLACE, f);
      bad("never-opened-here-" + f.type(), "by us", OUT_OF_PLACE, withStream(f, 2));
    }
    bad("never-opened-close", "by us", OUT_OF_PLACE, RawFrame.reply(2, HI));
    Script s = opened(acceptor("decreasing", "3 after 5", "§10.1"));
    scripts.add(s.receive(RawFrame.call(5, "a/b", HI), RawFrame.call(3, "a/b", HI))
        .sent(goAway(OUT_OF_PLACE))
        .ends(OUT_OF_PLACE));
  }

  private void sides() {
    bad("close-by-the-opener", "it cancels", OUT_OF_PLACE, RawFrame.reply(1, HI));
    bad(
        "message-by-the-caller",
        "a call has one request",
        OUT_OF_PLACE,
        RawFrame.message(1, 1, HI));
    bad("ack-of-a-call", "a call has none", OUT_OF_PLACE, RawFrame.ack(1, 1, 0, ""));
    bad("credit-of-a-plain-call", "it has no items", OUT_OF_PLACE, RawFrame.credit(1, 1));
    Script s = opened(start("cancel-by-the-receiver", "it closes", "§10.1", "dialer"))
        .open("a/b", HI, 5000)
        .sent(SessionScripts.frame("OPEN", 1));
    scripts.add(s.receive(RawFrame.cancel(1, 1)).sent(goAway(OUT_OF_PLACE)).ends(OUT_OF_PLACE));
    for (RawFrame f : List.of(RawFrame.credit(1, 1), RawFrame.ack(1, 1, 0, ""))) {
      Script t = opened(start("reply-by-" + f.type(), "a call has none", "§10.1", "dialer"))
          .open("a/b", HI, 5000)
          .sent(SessionScripts.frame("OPEN", 1));
      scripts.add(t.receive(f).sent(goAway(OUT_OF_PLACE)).ends(OUT_OF_PLACE));
    }
    for (int status : new int[] {17, 255}) {
      failure("close-status-" + status, new RawBytes().u8(status).u8(6).u8(2));
    }
    failure("close-stage-7", new RawBytes().u8(2).u8(7).u8(2));
    failure("close-ran-3", new RawBytes().u8(2).u8(6).u8(3));
  }

  private void failure(String name, RawBytes body) {
    Script s = opened(start(name, "a number without a meaning", "§10.1", "dialer"))
        .open("a/b", HI, 5000)
        .sent(SessionScripts.frame("OPEN", 1));
    RawFrame f = RawFrame.of(CLOSE, 0, 1, body.content(Map.of(), "", HI));
    scripts.add(s.receive(f).sent(goAway(INVALID)).ends(INVALID));
  }

  /** What must not end a link. */
  private void harmless() {
    scripts.add(opened(acceptor("unknown-optional-type", "skipped, on any stream", "§3.5"))
        .receive(
            new RawFrame(0x80, 0xFF, 0, filled(9, 60_000)),
            new RawFrame(0xFF, 0, 0xFFFF_FFFFL, HI),
            RawFrame.ping(1))
        .sent(SessionScripts.frame("PONG", 0))
        .told());
    scripts.add(opened(acceptor("unknown-optional-flags", "ignored", "§3.5"))
        .receive(withFlags(RawFrame.call(1, "a/b", HI), 0xF0), withFlags(RawFrame.ping(1), 0x10))
        .sent(SessionScripts.frame("PONG", 0))
        .told(told("request", "stream", 1)));
    scripts.add(opened(acceptor("trace-of-zeros", "as if there were none", "§4.5"))
        .receive(RawFrame.of(
            OPEN,
            RawFrame.TRACE,
            1,
            RawFrame.open(1, 5000).raw(new byte[25]).str("a/b").content(Map.of(), "", HI)))
        .told(told("request", "stream", 1)));
    scripts.add(opened(acceptor("late-large-message", "of a stream that is closed", "§6.5"))
        .receive(RawFrame.call(1, "a/b", HI), RawFrame.cancel(1, 1))
        .receive(
            RawFrame.of(
                MESSAGE, MORE, 1, new RawBytes().u64(1).contentToFollow(Map.of(), "", 50_000)),
            new RawFrame(CONTINUE, 0, 1, filled(1, 30_000)),
            RawFrame.cancel(1, 1),
            RawFrame.ping(1))
        .sent(SessionScripts.frame("PONG", 0)));
    scripts.add(opened(acceptor("credit-beyond-its-maximum", "is capped", "§4.8"))
        .receive(RawFrame.streamedCall(1, "a/b", 0xFFFF_FFFFL))
        .receive(RawFrame.credit(1, 0xFFFF_FFFFL), RawFrame.credit(1, 0xFFFF_FFFFL))
        .receive(RawFrame.creditBytes(0xFFFF_FFFFL), RawFrame.ping(1))
        .sent(SessionScripts.frame("PONG", 0)));
  }
}
