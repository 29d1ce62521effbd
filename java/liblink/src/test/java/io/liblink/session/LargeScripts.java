package io.liblink.session;

import static io.liblink.session.FrameText.filled;
import static io.liblink.session.SessionScripts.HI;
import static io.liblink.session.SessionScripts.acceptor;
import static io.liblink.session.SessionScripts.end;
import static io.liblink.session.SessionScripts.frame;
import static io.liblink.session.SessionScripts.goAway;
import static io.liblink.session.SessionScripts.hello;
import static io.liblink.session.SessionScripts.opened;
import static io.liblink.session.SessionScripts.start;
import static io.liblink.session.SessionScripts.told;
import static io.liblink.testing.RawFrame.CLOSE;
import static io.liblink.testing.RawFrame.MESSAGE;
import static io.liblink.testing.RawFrame.MORE;
import static io.liblink.testing.RawFrame.OPEN;
import static io.liblink.testing.RawFrame.STREAM;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code spec/sessions/large.json}: fragments, their credit, and what ends them early. */
final class LargeScripts {
  private static final int FULL = 32 << 10;
  private static final byte[] FRAGMENT = filled(0x66, FULL);

  private final List<Script> scripts = new ArrayList<>();

  private Script add(Script script) {
    scripts.add(script);
    return script;
  }

  List<Script> all() {
    receiving();
    sending();
    refusing();
    endingEarly();
    breaking();
    return scripts;
  }

  private static RawFrame largeReply(int stream, long total) {
    return RawFrame.of(
        CLOSE, MORE, stream, new RawBytes().u8(0).contentToFollow(Map.of(), "", total));
  }

  private static RawFrame largeItem(int stream, int sequence, long total) {
    return RawFrame.of(
        MESSAGE, MORE, stream, new RawBytes().u64(sequence).contentToFollow(Map.of(), "", total));
  }

  /** A peer that takes fragments of together 32 KiB at first. */
  private static RawFrame narrow() {
    return RawHello.of("shop", "peer").limits(64 << 20, 4096, FULL).frame();
  }

  private static Map<String, Object> fragments(int stream, long size) {
    return frame("CONTINUE", stream, "size", size);
  }

  private void receiving() {
    add(opened(acceptor("request", "told to the user when it is whole", "§5.3")))
        .receive(RawFrame.largeCall(1, "a/b", 40_000), RawFrame.fragment(1, FRAGMENT))
        .told()
        .receive(RawFrame.fragment(1, filled(0x66, 40_000 - FULL)))
        .told(told("request", "stream", 1, "payload", Script.hex(filled(0x66, 40_000))));
    add(opened(acceptor("small-fragments", "of any size from 1", "§5.3")))
        .receive(
            RawFrame.largeCall(1, "a/b", 16_385),
            RawFrame.fragment(1, filled(1, 1)),
            RawFrame.fragment(1, filled(2, 16_000)),
            RawFrame.fragment(1, filled(3, 384)))
        .told(told("request", "stream", 1));
    add(opened(
            acceptor("interleaved", "fragments of two streams, and a whole call between", "§5.6")))
        .receive(
            RawFrame.largeCall(1, "a/b", 40_000),
            RawFrame.largeCall(3, "a/c", 33_000),
            RawFrame.fragment(3, FRAGMENT),
            RawFrame.fragment(1, FRAGMENT),
            RawFrame.call(5, "a/d", HI),
            RawFrame.fragment(3, filled(0x66, 33_000 - FULL)),
            RawFrame.fragment(1, filled(0x66, 40_000 - FULL)))
        .told(
            told("request", "stream", 5),
            told("request", "stream", 3),
            told("request", "stream", 1));
    add(opened(start("reply", "told when it is whole", "§5.3", "dialer")))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 1))
        .receive(largeReply(1, 40_000), RawFrame.fragment(1, FRAGMENT))
        .told()
        .receive(RawFrame.fragment(1, filled(0x66, 40_000 - FULL)))
        .told(told("reply", "stream", 1, "payload", Script.hex(filled(0x66, 40_000))));
    add(opened(acceptor("credit-while-opening", "counts when the request is whole", "§6.2")))
        .receive(RawFrame.of(
            OPEN,
            MORE | STREAM,
            1,
            RawFrame.open(1, 5000).u32(0).str("a/b").contentToFollow(Map.of(), "", 20_000)))
        .receive(
            RawFrame.credit(1, 2), RawFrame.credit(1, 3), RawFrame.fragment(1, filled(1, 20_000)))
        .told(told("request", "stream", 1, "credit", 0L), told("credit", "stream", 1, "items", 5L));
    add(opened(acceptor("slow-request", "its time counts from the OPEN", "§7.1")))
        .receive(RawFrame.of(
            OPEN, MORE, 1, RawFrame.open(1, 100).str("a/b").contentToFollow(Map.of(), "", 20_000)))
        .advance(140)
        .sent(frame("CLOSE", 1, "status", "DEADLINE_EXCEEDED", "stage", "SEND", "ran", "NO"))
        .receive(RawFrame.fragment(1, filled(1, 20_000)))
        .told()
        .sent();
  }

  private void sending() {
    add(opened(
            acceptor("reply-is-sent", "head, then fragments, within the credit", "§5.5"), hello()))
        .receive(RawFrame.call(1, "a/b", HI))
        .told(told("request", "stream", 1))
        .reply(1, filled(7, 100_000))
        .sent(frame("CLOSE", 1, "status", "OK", "total", 100_000L), fragments(1, 100_000));
    add(opened(acceptor("credit-is-waited-for", "not a byte more than it", "§5.5"), narrow()))
        .receive(RawFrame.call(1, "a/b", HI))
        .told(told("request", "stream", 1))
        .reply(1, filled(7, 3 * FULL))
        .sent(frame("CLOSE", 1, "total", 3L * FULL), fragments(1, FULL))
        .advance(1000)
        .sent()
        .receive(RawFrame.creditBytes(FULL))
        .sent(fragments(1, FULL))
        .receive(RawFrame.creditBytes(0xFFFF_FFFFL), RawFrame.creditBytes(0xFFFF_FFFFL))
        .sent(fragments(1, FULL))
        .told();
    add(opened(
            acceptor("small-frames-need-no-credit", "they pass a large message", "§5.5"), narrow()))
        .receive(RawFrame.call(1, "a/b", HI), RawFrame.call(3, "a/c", HI))
        .reply(1, filled(7, 3 * FULL))
        .reply(3, HI)
        .receive(RawFrame.ping(5))
        .sent(
            frame("CLOSE", 1, "total", 3L * FULL),
            fragments(1, FULL),
            frame("CLOSE", 3, "payload", "6869"),
            frame("PONG", 0));
    add(opened(
            acceptor("one-message-at-a-time", "what follows on the stream waits", "§5.3"),
            narrow()))
        .receive(RawFrame.streamedCall(1, "a/b", 10))
        .told(told("request", "stream", 1))
        .item(1, filled(7, 2 * FULL))
        .item(1, HI)
        .reply(1, HI)
        .sent(frame("MESSAGE", 1, "sequence", 1L, "total", 2L * FULL), fragments(1, FULL))
        .receive(RawFrame.creditBytes(FULL))
        .sent(
            fragments(1, FULL),
            frame("MESSAGE", 1, "sequence", 2L, "payload", "6869"),
            frame("CLOSE", 1, "payload", "6869"));
  }

  private void refusing() {
    add(opened(acceptor(
                "request-too-large", "refused with its head; its fragments are skipped", "§5.4")
            .own("max_message", 30_000)))
        .receive(RawFrame.largeCall(1, "a/b", 30_001))
        .sent(frame("CLOSE", 1, "status", "RESOURCE_EXHAUSTED", "stage", "SEND", "ran", "NO"))
        .receive(RawFrame.fragment(1, filled(1, 30_001)), RawFrame.call(3, "a/b", HI))
        .told(told("request", "stream", 3));
    add(opened(acceptor("4-gib-announced", "costs nothing", "§5.3")))
        .receive(RawFrame.largeCall(1, "a/b", 0xFFFF_FFFFL))
        .sent(frame("CLOSE", 1, "status", "RESOURCE_EXHAUSTED", "ran", "NO"))
        .told();
    add(opened(acceptor("no-room", "for another unfinished message now", "§5.4")
            .own("receive_bytes", 50_000)))
        .receive(RawFrame.largeCall(1, "a/b", 30_000), RawFrame.largeCall(3, "a/b", 30_000))
        .sent(frame("CLOSE", 3, "status", "RESOURCE_EXHAUSTED", "ran", "NO"))
        .receive(RawFrame.fragment(1, filled(1, 30_000)))
        .told(told("request", "stream", 1))
        .receive(RawFrame.largeCall(5, "a/b", 50_000), RawFrame.cancel(5, 1))
        .receive(RawFrame.largeCall(7, "a/b", 50_000))
        .sent();
    add(opened(start("reply-too-large", "the opener cancels", "§5.4", "dialer")
            .own("max_message", 30_000)))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 1))
        .receive(largeReply(1, 30_001), RawFrame.fragment(1, filled(1, 30_001)))
        .sent(frame("CANCEL", 1, "status", "RESOURCE_EXHAUSTED"))
        .told(told("failed", "stream", 1, "status", "RESOURCE_EXHAUSTED", "ran", "YES"));
    add(opened(start("item-too-large", "the opener cancels", "§5.4", "dialer")
            .own("max_message", 30_000)))
        .openStreamed("a/b", 5)
        .sent(frame("OPEN", 1))
        .receive(largeItem(1, 1, 30_001), RawFrame.fragment(1, filled(1, 30_001)))
        .sent(frame("CANCEL", 1, "status", "RESOURCE_EXHAUSTED"))
        .told(told("failed", "stream", 1, "status", "RESOURCE_EXHAUSTED", "ran", "YES"));
  }

  private void endingEarly() {
    add(opened(acceptor(
            "cancelled-while-arriving", "late fragments are skipped, credit returned", "§6.5")))
        .receive(
            RawFrame.largeCall(1, "a/b", 200_000),
            RawFrame.fragment(1, FRAGMENT),
            RawFrame.cancel(1, 1),
            RawFrame.fragment(1, FRAGMENT),
            RawFrame.fragment(1, FRAGMENT),
            RawFrame.fragment(1, FRAGMENT))
        .told()
        .sent();
    add(opened(start("refused-while-sending", "the opener stops", "§6.2", "dialer"), narrow()))
        .open("a/b", filled(7, 2 * FULL), 5000)
        .sent(frame("OPEN", 1, "total", 2L * FULL), fragments(1, FULL))
        .receive(RawFrame.failure(1, 8, 4, 0, "too large"), RawFrame.creditBytes(1 << 20))
        .told(told("failed", "stream", 1, "status", "RESOURCE_EXHAUSTED", "ran", "NO"))
        .sent();
    add(opened(
            acceptor("cancelled-while-replying", "the rest of the reply is not sent", "§6.2"),
            narrow()))
        .receive(RawFrame.call(1, "a/b", HI))
        .reply(1, filled(7, 2 * FULL))
        .sent(frame("CLOSE", 1), fragments(1, FULL))
        .receive(RawFrame.cancel(1, 4), RawFrame.creditBytes(1 << 20))
        .told(
            told("request", "stream", 1),
            told("cancelled", "stream", 1, "status", "DEADLINE_EXCEEDED"))
        .sent();
    add(opened(acceptor("credit-while-closing", "without effect", "§6.2"), narrow()))
        .receive(RawFrame.streamedCall(1, "a/b", 1))
        .reply(1, filled(7, 2 * FULL))
        .sent(frame("CLOSE", 1), fragments(1, FULL))
        .receive(RawFrame.credit(1, 7), RawFrame.creditBytes(FULL))
        .sent(fragments(1, FULL));
    add(opened(
            start("time-is-over-while-sending", "CANCEL, and no more fragments", "§7.1", "dialer"),
            narrow()))
        .open("a/b", filled(7, 2 * FULL), 100)
        .sent(frame("OPEN", 1), fragments(1, FULL))
        .advance(140)
        .sent(frame("CANCEL", 1, "status", "DEADLINE_EXCEEDED"))
        .receive(RawFrame.creditBytes(FULL))
        .sent()
        .told(told("failed", "stream", 1, "status", "DEADLINE_EXCEEDED"));
  }

  private void breaking() {
    bad(
        "empty-fragment",
        "INVALID_ARGUMENT",
        "§4.7",
        RawFrame.largeCall(1, "a/b", 99_999),
        RawFrame.fragment(1, new byte[0]));
    bad(
        "long-fragment",
        "INVALID_ARGUMENT",
        "§4.7",
        RawFrame.largeCall(1, "a/b", 99_999),
        RawFrame.fragment(1, filled(1, FULL + 1)));
    bad(
        "fragment-of-nothing",
        "INVALID_ARGUMENT",
        "§5.3",
        RawFrame.call(1, "a/b", HI),
        RawFrame.fragment(1, HI));
    bad(
        "beyond-total",
        "INVALID_ARGUMENT",
        "§5.3",
        RawFrame.largeCall(1, "a/b", 20_000),
        RawFrame.fragment(1, filled(1, 20_001)));
    bad(
        "message-before-the-request-is-whole",
        "FAILED_PRECONDITION",
        "§5.3",
        RawFrame.largeCall(1, "a/b", 20_000),
        RawFrame.message(1, 1, HI));
    add(opened(start("close-before-the-reply-is-whole", "error of the link", "§5.3", "dialer")))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 1))
        .receive(largeReply(1, 20_000), RawFrame.reply(1, HI))
        .sent(goAway("FAILED_PRECONDITION"))
        .told(told("failed", "stream", 1), end("FAILED_PRECONDITION"));
    add(opened(start("item-before-the-item-is-whole", "error of the link", "§5.3", "dialer")))
        .openStreamed("a/b", 5)
        .sent(frame("OPEN", 1))
        .receive(largeItem(1, 1, 20_000), RawFrame.message(1, 2, HI))
        .sent(goAway("FAILED_PRECONDITION"))
        .told(told("failed", "stream", 1), end("FAILED_PRECONDITION"));
  }

  private void bad(String name, String status, String spec, RawFrame... frames) {
    Script s = acceptor(name, "error of the link", spec);
    add(opened(s)).receive(frames).sent(goAway(status)).ends(status);
  }
}
