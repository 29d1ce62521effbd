package io.liblink.session;

import static io.liblink.session.FrameText.filled;
import static io.liblink.session.SessionScripts.HI;
import static io.liblink.session.SessionScripts.acceptor;
import static io.liblink.session.SessionScripts.end;
import static io.liblink.session.SessionScripts.frame;
import static io.liblink.session.SessionScripts.goAway;
import static io.liblink.session.SessionScripts.opened;
import static io.liblink.session.SessionScripts.start;
import static io.liblink.session.SessionScripts.told;
import static io.liblink.testing.RawFrame.MESSAGE;
import static io.liblink.testing.RawFrame.MORE;
import static io.liblink.testing.RawFrame.OPEN;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code spec/sessions/calls.json}: calls both ways, frames that cross, streamed replies. */
final class CallScripts {
  private static final byte[] NOTHING = {};

  private final List<Script> scripts = new ArrayList<>();

  private Script add(Script script) {
    scripts.add(script);
    return script;
  }

  List<Script> all() {
    serving();
    calling();
    crossing();
    items();
    return scripts;
  }

  private void serving() {
    add(opened(acceptor("answered", "OPEN and CLOSE make a call", "§6.3")))
        .receive(RawFrame.call(1, "a/b", HI))
        .told(told("request", "stream", 1, "target", "a/b", "attempt", 1, "payload", "6869"))
        .reply(1, new byte[] {1, 2, 3})
        .sent(frame("CLOSE", 1, "status", "OK", "payload", "010203"));
    add(opened(acceptor("failed", "a failure has stage and ran", "§4.10")))
        .receive(RawFrame.call(1, "a/b", HI))
        .fail(1, "NOT_FOUND")
        .sent(frame("CLOSE", 1, "status", "NOT_FOUND", "stage", "HANDLE", "ran", "YES"));
    add(opened(acceptor(
            "out-of-order", "answers come when they are ready; numbers may be left out", "§6.1")))
        .receive(
            RawFrame.call(1, "a/b", HI), RawFrame.call(7, "a/c", HI), RawFrame.call(9, "a/d", HI))
        .told(
            told("request", "stream", 1, "target", "a/b"),
            told("request", "stream", 7, "target", "a/c"),
            told("request", "stream", 9, "target", "a/d"))
        .reply(9, HI)
        .reply(1, HI)
        .reply(7, HI)
        .sent(frame("CLOSE", 9), frame("CLOSE", 1), frame("CLOSE", 7));
    add(opened(acceptor("time-is-over", "the receiver ends what takes too long", "§7.1")))
        .receive(
            RawFrame.of(OPEN, 0, 1, RawFrame.open(1, 100).str("a/b").content(Map.of(), "", HI)))
        .told(told("request", "stream", 1, "remaining_ms", 100L))
        .advance(80)
        .sent()
        .advance(60)
        .sent(frame("CLOSE", 1, "status", "DEADLINE_EXCEEDED", "ran", "YES"))
        .told(told("expired", "stream", 1));
    add(opened(acceptor("too-many-streams", "refused; the link goes on", "§6.6")
            .own("max_streams", 2)))
        .receive(
            RawFrame.call(1, "a/b", HI), RawFrame.call(3, "a/b", HI), RawFrame.call(5, "a/b", HI))
        .sent(frame("CLOSE", 5, "status", "RESOURCE_EXHAUSTED", "stage", "SEND", "ran", "NO"))
        .reply(1, HI)
        .sent(frame("CLOSE", 1))
        .receive(RawFrame.call(7, "a/b", HI))
        .told(
            told("request", "stream", 1),
            told("request", "stream", 3),
            told("request", "stream", 7));
  }

  private void calling() {
    add(opened(start("dialer-calls", "odd numbers", "§6.1", "dialer")))
        .open("a/b", HI, 5000)
        .open("a/c", NOTHING, 0xFFFF_FFFFL)
        .sent(
            frame("OPEN", 1, "kind", 1, "target", "a/b", "remaining_ms", 5000L, "payload", "6869"),
            frame("OPEN", 3, "target", "a/c", "remaining_ms", 0xFFFF_FFFFL, "payload", ""))
        .receive(RawFrame.reply(3, HI))
        .told(told("reply", "stream", 3, "payload", "6869"))
        .receive(RawFrame.failure(1, 5, 6, 2, "no such thing"))
        .told(told("failed", "stream", 1, "status", "NOT_FOUND", "ran", "YES"));
    add(opened(acceptor("acceptor-calls", "even numbers", "§6.1")))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2))
        .receive(RawFrame.reply(2, HI))
        .told(told("reply", "stream", 2));
    add(opened(start("nobody-answers", "the opener's clock is the judge", "§7.1", "dialer")))
        .open("a/b", HI, 100)
        .sent(frame("OPEN", 1))
        .advance(80)
        .sent()
        .advance(60)
        .sent(frame("CANCEL", 1, "status", "DEADLINE_EXCEEDED"))
        .told(told("failed", "stream", 1, "status", "DEADLINE_EXCEEDED", "ran", "MAYBE"));
  }

  private void crossing() {
    add(opened(start("cancel-crosses-close", "the late reply is skipped", "§6.5", "dialer")))
        .open("a/b", HI, 5000)
        .cancel(1)
        .sent(frame("OPEN", 1), frame("CANCEL", 1, "status", "CANCELLED"))
        .receive(RawFrame.reply(1, HI))
        .told()
        .receive(RawFrame.ping(1))
        .sent(frame("PONG", 0));
    add(opened(acceptor("close-crosses-cancel", "the late CANCEL is skipped", "§6.5")))
        .receive(RawFrame.call(1, "a/b", HI))
        .reply(1, HI)
        .sent(frame("CLOSE", 1))
        .receive(RawFrame.cancel(1, 1), RawFrame.cancel(1, 4))
        .told(told("request", "stream", 1))
        .sent();
    add(opened(acceptor("cancelled", "nothing more is sent", "§7.2")))
        .receive(RawFrame.call(1, "a/b", HI), RawFrame.cancel(1, 4))
        .told(
            told("request", "stream", 1),
            told("cancelled", "stream", 1, "status", "DEADLINE_EXCEEDED"))
        .advance(6000)
        .sent();
    add(opened(start(
            "late-frames-of-every-type", "skipped on a stream that is closed", "§6.5", "dialer")))
        .openStreamed("a/b", 4)
        .cancel(1)
        .sent(frame("OPEN", 1, "credit", 4L), frame("CANCEL", 1))
        .receive(
            RawFrame.message(1, 1, HI),
            RawFrame.of(
                MESSAGE, MORE, 1, new RawBytes().u64(2).contentToFollow(Map.of(), "", 20_000)),
            RawFrame.fragment(1, filled(1, 20_000)),
            RawFrame.ack(1, 1, 0, ""),
            RawFrame.credit(1, 5),
            RawFrame.reply(1, HI),
            RawFrame.reply(1, HI))
        .told()
        .sent();
    add(opened(acceptor("numbers-left-out-count-as-closed", "frames on them are late", "§6.5")))
        .receive(RawFrame.call(9, "a/b", HI), RawFrame.cancel(3, 1), RawFrame.credit(7, 1))
        .told(told("request", "stream", 9))
        .sent();
  }

  private void items() {
    add(opened(acceptor("items", "numbered from 1, within the credit", "§6.4")))
        .receive(RawFrame.streamedCall(1, "a/b", 2))
        .told(told("request", "stream", 1, "credit", 2L))
        .item(1, HI)
        .item(1, NOTHING)
        .sent(
            frame("MESSAGE", 1, "sequence", 1L, "payload", "6869"),
            frame("MESSAGE", 1, "sequence", 2L, "payload", ""))
        .receive(RawFrame.credit(1, 1))
        .told(told("credit", "stream", 1, "items", 1L))
        .item(1, HI)
        .reply(1, NOTHING)
        .sent(frame("MESSAGE", 1, "sequence", 3L), frame("CLOSE", 1, "status", "OK"));
    add(opened(start("items-come", "credit is granted as they are taken", "§6.4", "dialer")))
        .openStreamed("a/b", 1)
        .sent(frame("OPEN", 1, "credit", 1L))
        .receive(RawFrame.message(1, 1, HI))
        .told(told("item", "stream", 1, "sequence", 1L, "payload", "6869"))
        .grant(1, 3)
        .sent(frame("CREDIT", 1, "amount", 3L))
        .receive(RawFrame.message(1, 2, HI), RawFrame.message(1, 3, HI), RawFrame.reply(1, NOTHING))
        .told(
            told("item", "sequence", 2L), told("item", "sequence", 3L), told("reply", "stream", 1));
    add(opened(start("more-items-than-credit", "error of the link", "§6.4", "dialer")))
        .openStreamed("a/b", 1)
        .sent(frame("OPEN", 1))
        .receive(RawFrame.message(1, 1, HI), RawFrame.message(1, 2, HI))
        .sent(goAway("RESOURCE_EXHAUSTED"))
        .told(
            told("item", "sequence", 1L),
            told("failed", "stream", 1, "status", "UNAVAILABLE", "ran", "MAYBE"),
            end("RESOURCE_EXHAUSTED"));
    add(opened(start(
            "a-large-item-uses-credit-up-with-its-head",
            "and not when it is whole",
            "§6.4",
            "dialer")))
        .openStreamed("a/b", 0)
        .sent(frame("OPEN", 1, "credit", 0L))
        .receive(RawFrame.of(
            MESSAGE, MORE, 1, new RawBytes().u64(1).contentToFollow(Map.of(), "", 20_000)))
        .sent(goAway("RESOURCE_EXHAUSTED"))
        .told(told("failed", "stream", 1), end("RESOURCE_EXHAUSTED"));
    add(opened(start("items-out-of-order", "error of the link", "§6.4", "dialer")))
        .openStreamed("a/b", 9)
        .sent(frame("OPEN", 1))
        .receive(RawFrame.message(1, 2, HI))
        .sent(goAway("FAILED_PRECONDITION"))
        .told(told("failed", "stream", 1), end("FAILED_PRECONDITION"));
    add(opened(start("item-for-a-plain-call", "error of the link", "§6.2", "dialer")))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 1))
        .receive(RawFrame.message(1, 1, HI))
        .sent(goAway("FAILED_PRECONDITION"))
        .told(told("failed", "stream", 1), end("FAILED_PRECONDITION"));
  }
}
