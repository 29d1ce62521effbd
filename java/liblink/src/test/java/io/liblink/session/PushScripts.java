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
import static io.liblink.testing.RawFrame.PUSH;
import static io.liblink.testing.RawFrame.STREAM;
import static io.liblink.testing.RawFrame.TRACE;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code spec/sessions/push.json}: items, their credit and their acknowledgements, good and bad. */
final class PushScripts {
  private static final byte[] NOTHING = {};
  private static final int MALFORMED = 3;
  private static final String INVALID = "INVALID_ARGUMENT";
  private static final String OUT_OF_PLACE = "FAILED_PRECONDITION";
  private static final String TOO_MUCH = "RESOURCE_EXHAUSTED";

  private final List<Script> scripts = new ArrayList<>();

  private Script add(Script script) {
    scripts.add(script);
    return script;
  }

  List<Script> all() {
    working();
    workingEnds();
    pushing();
    pushingEnds();
    refused();
    badProducers();
    badWorkers();
    return scripts;
  }

  private static RawFrame push(long stream, Map<String, String> headers) {
    return RawFrame.of(
        OPEN,
        0,
        stream,
        RawFrame.open(PUSH, RawFrame.NO_DEADLINE).str("a/q").content(headers, "", NOTHING));
  }

  private static RawFrame push(long stream) {
    return push(stream, Map.of());
  }

  private static RawFrame item(long stream, long number, Map<String, String> headers) {
    return RawFrame.of(MESSAGE, 0, stream, new RawBytes().u64(number).content(headers, "", HI));
  }

  private static RawFrame item(long stream, long number) {
    return RawFrame.message(stream, number, HI);
  }

  private static Map<String, Object> toldItem(long number) {
    return told("item", "stream", 1, "sequence", number, "payload", "6869");
  }

  /** A worker with a stream on which it takes so many items. */
  private Script worker(String name, String why, String spec, long credit) {
    return add(opened(acceptor(name, why, spec))
        .receive(push(1))
        .told(told("pushes", "stream", 1, "target", "a/q"))
        .sent()
        .grant(1, credit)
        .sent(frame("CREDIT", 1, "bytes", false, "amount", credit)));
  }

  // ---- the worker's side --------------------------------------------------------------------

  private void working() {
    worker("items-are-settled", "each by an ACK, in any order; numbers in any order", "§6.8", 3)
        .receive(item(1, 7), item(1, 3))
        .told(toldItem(7), toldItem(3))
        .ack(1, 3, "OK")
        .ack(1, 7, "NOT_FOUND")
        .sent(
            frame("ACK", 1, "sequence", 3, "status", "OK"),
            frame("ACK", 1, "sequence", 7, "status", "NOT_FOUND"))
        .receive(item(1, 9_223_372_036_854_775_807L))
        .told(toldItem(9_223_372_036_854_775_807L));
    worker("an-ack-gives-no-credit", "a worker that wants more says so", "§6.8", 1)
        .receive(item(1, 1))
        .told(toldItem(1))
        .ack(1, 1, "OK")
        .grant(1, 2)
        .sent(
            frame("ACK", 1, "sequence", 1, "status", "OK"),
            frame("CREDIT", 1, "bytes", false, "amount", 2))
        .receive(item(1, 2), item(1, 3))
        .told(toldItem(2), toldItem(3));
    worker("the-same-item-again", "after it was settled; marked by its attempt", "§6.8", 3)
        .receive(item(1, 5))
        .told(told("item", "stream", 1, "sequence", 5, "attempt", "1"))
        .ack(1, 5, "UNAVAILABLE")
        .sent(frame("ACK", 1, "sequence", 5, "status", "UNAVAILABLE"))
        .receive(item(1, 5, Map.of("liblink-attempt", "2")))
        .told(told("item", "stream", 1, "sequence", 5, "attempt", "2"))
        .ack(1, 5, "OK")
        .sent(frame("ACK", 1, "sequence", 5, "status", "OK"))
        .receive(item(1, 5, Map.of("liblink-attempt", "1000")))
        .told(told("item", "stream", 1, "sequence", 5, "attempt", "1000"));
    worker("other-headers", "are the user's, or ignored", "§6.8", 1)
        .receive(item(1, 1, new TreeMap<>(Map.of("tenant", "acme", "liblink-else", "?"))))
        .told(toldItem(1));
    worker("an-item-with-a-trace", "25 bytes before its content", "§4.6", 1)
        .receive(RawFrame.of(
            MESSAGE,
            TRACE,
            1,
            new RawBytes().u64(1).raw(filled(7, 24)).u8(1).content(Map.of(), "", HI)))
        .told(toldItem(1));
    worker("a-large-item", "uses one credit, and comes whole", "§5.3", 2)
        .receive(
            RawFrame.of(
                MESSAGE, MORE, 1, new RawBytes().u64(1).contentToFollow(Map.of(), "", 40_000)),
            RawFrame.fragment(1, filled(9, 32_768)))
        .told()
        .receive(RawFrame.fragment(1, filled(9, 7_232)), item(1, 2))
        .told(told("item", "stream", 1, "sequence", 1), toldItem(2))
        .ack(1, 2, "OK")
        .ack(1, 1, "OK")
        .sent(frame("ACK", 1, "sequence", 2), frame("ACK", 1, "sequence", 1));
    worker("two-streams", "the numbers of one are nothing to the other", "§6.8", 1)
        .receive(push(3))
        .told(told("pushes", "stream", 3))
        .grant(3, 1)
        .sent(frame("CREDIT", 3, "bytes", false, "amount", 1))
        .receive(item(1, 1), RawFrame.message(3, 1, HI))
        .told(toldItem(1), told("item", "stream", 3, "sequence", 1))
        .ack(3, 1, "OK")
        .ack(1, 1, "OK")
        .sent(frame("ACK", 3, "sequence", 1), frame("ACK", 1, "sequence", 1));
    add(opened(acceptor("who-and-how-long", "headers of the stream", "§6.8")))
        .receive(push(
            1,
            new TreeMap<>(Map.of(
                "liblink-producer", "0123456789abcdef".repeat(2), "liblink-item-ms", "30000"))))
        .told(told("pushes", "stream", 1))
        .sent();
  }

  private void workingEnds() {
    worker("the-worker-closes", "what is not settled did not begin", "§6.8", 2)
        .receive(item(1, 1))
        .told(toldItem(1))
        .failRan(1, "UNAVAILABLE", "NO")
        .sent(frame("CLOSE", 1, "status", "UNAVAILABLE", "ran", "NO"))
        .receive(item(1, 2), RawFrame.cancel(1, 1), RawFrame.ping(1))
        .sent(frame("PONG", 0))
        .told();
    worker("the-producer-cancels", "no more ACKs are sent", "§6.8", 2)
        .receive(item(1, 1), RawFrame.cancel(1, 1), item(1, 2), RawFrame.ping(1))
        .told(toldItem(1), told("cancelled", "stream", 1, "status", "CANCELLED"))
        .sent(frame("PONG", 0));
    worker("the-link-is-lost", "the worker drops what it has not begun", "§8.4", 2)
        .receive(item(1, 1))
        .told(toldItem(1))
        .lost()
        .told(told("cancelled", "stream", 1, "status", "CANCELLED"), end("UNAVAILABLE"));
    worker("a-draining-worker-finishes", "the stream goes on until it is closed", "§8.3", 2)
        .receive(item(1, 1))
        .told(toldItem(1))
        .drain()
        .sent(goAway("UNAVAILABLE"))
        .receive(item(1, 2))
        .told(toldItem(2))
        .ack(1, 2, "UNAVAILABLE")
        .ack(1, 1, "OK")
        .failRan(1, "UNAVAILABLE", "NO")
        .sent(
            frame("ACK", 1, "sequence", 2, "status", "UNAVAILABLE"),
            frame("ACK", 1, "sequence", 1, "status", "OK"),
            frame("CLOSE", 1, "status", "UNAVAILABLE", "ran", "NO"));
    worker("an-item-that-is-too-large", "ends the stream, not the link", "§5.4", 2)
        .receive(
            RawFrame.of(
                MESSAGE,
                MORE,
                1,
                new RawBytes().u64(1).contentToFollow(Map.of(), "", (64 << 20) + 1)),
            RawFrame.ping(1))
        .sent(frame("CLOSE", 1, "status", "RESOURCE_EXHAUSTED", "stage", "SEND"), frame("PONG", 0))
        .told(told("cancelled", "stream", 1));
  }

  // ---- the producer's side ------------------------------------------------------------------

  /** A producer that may send so many items. */
  private Script producer(String name, String why, String spec, long credit) {
    return add(opened(start(name, why, spec, "dialer"))
        .push("a/q")
        .sent(frame("OPEN", 1, "kind", PUSH, "remaining_ms", RawFrame.NO_DEADLINE, "target", "a/q"))
        .receive(RawFrame.credit(1, credit))
        .told(told("credit", "stream", 1, "items", credit)));
  }

  private void pushing() {
    producer("pushed", "nothing is sent before the first credit", "§6.8", 3)
        .item(1, 4, HI)
        .item(1, 2, HI)
        .sent(
            frame("MESSAGE", 1, "sequence", 4, "payload", "6869"),
            frame("MESSAGE", 1, "sequence", 2, "payload", "6869"))
        .receive(RawFrame.ack(1, 2, 0, ""), RawFrame.ack(1, 4, 9, "not now"))
        .told(
            told("ack", "stream", 1, "sequence", 2, "status", "OK"),
            told("ack", "stream", 1, "sequence", 4, "status", "FAILED_PRECONDITION"))
        .item(1, 2, HI)
        .sent(frame("MESSAGE", 1, "sequence", 2));
    producer("a-large-item-is-cut", "and acknowledged like others", "§5.3", 2)
        .item(1, 1, filled(3, 50_000))
        .item(1, 2, HI)
        .sent(
            frame("MESSAGE", 1, "sequence", 1, "total", 50_000),
            frame("CONTINUE", 1, "size", 50_000),
            frame("MESSAGE", 1, "sequence", 2))
        .receive(RawFrame.ack(1, 2, 0, ""), RawFrame.ack(1, 1, 0, ""))
        .told(told("ack", "sequence", 2), told("ack", "sequence", 1));
    producer("credit-beyond-its-maximum-of-items", "is capped", "§4.8", 1)
        .receive(RawFrame.credit(1, 0xFFFF_FFFFL), RawFrame.credit(1, 0xFFFF_FFFFL))
        .told(told("credit"), told("credit"))
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1, "sequence", 1));
  }

  private void pushingEnds() {
    producer("closed-by-the-worker", "what is not settled did not begin", "§6.8", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .receive(RawFrame.failure(1, 14, 6, 0, "closing"))
        .told(told("failed", "stream", 1, "status", "UNAVAILABLE", "ran", "NO"))
        .receive(RawFrame.ack(1, 1, 0, ""), RawFrame.credit(1, 1), RawFrame.ping(1))
        .sent(frame("PONG", 0))
        .told();
    producer("cancelled-by-the-producer", "late ACKs are skipped", "§6.5", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .cancel(1)
        .sent(frame("CANCEL", 1, "status", "CANCELLED"))
        .receive(RawFrame.ack(1, 1, 0, ""), RawFrame.credit(1, 1), RawFrame.ping(1))
        .sent(frame("PONG", 0))
        .told();
    producer("the-worker-drains", "what is unsettled is still settled", "§8.3", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .receive(RawFrame.goAway(1, 14, "draining"), RawFrame.ack(1, 1, 0, ""))
        .told(
            told("goaway", "status", "UNAVAILABLE", "last_stream", 1),
            told("ack", "stream", 1, "sequence", 1, "status", "OK"))
        .cancel(1)
        .sent(frame("CANCEL", 1));
    producer("not-taken-before-the-drain", "nothing of it began", "§8.3", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .receive(RawFrame.goAway(0, 14, "draining"))
        .told(
            told("goaway", "status", "UNAVAILABLE"),
            told("failed", "stream", 1, "status", "UNAVAILABLE", "ran", "NO"));
    producer("lost-with-its-link", "what is unsettled may have been worked on", "§6.8", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .lost()
        .told(
            told("failed", "stream", 1, "status", "UNAVAILABLE", "ran", "MAYBE"),
            end("UNAVAILABLE"));
  }

  // ---- refused, and wrong -------------------------------------------------------------------

  private void refusal(String name, String why, RawFrame open) {
    add(opened(acceptor(name, why, "§6.8")))
        .receive(open, RawFrame.ping(1))
        .sent(frame("CLOSE", 1, "status", INVALID, "stage", "SEND", "ran", "NO"), frame("PONG", 0))
        .told();
  }

  private void refused() {
    for (String producer :
        new String[] {"", "0123", "0123456789ABCDEF".repeat(2), "g".repeat(32), "0".repeat(33)}) {
      refusal(
          "producer-" + producer.length() + "-" + scripts.size(),
          "no 32 lower-case hex digits",
          push(1, Map.of("liblink-producer", producer)));
    }
    for (String millis : new String[] {"", "0", "-1", "1.5", "07", "1s", "9".repeat(19)}) {
      refusal(
          "item-ms-" + millis.length() + "-" + scripts.size(),
          "no number from 1",
          push(1, Map.of("liblink-item-ms", millis)));
    }
    refusal(
        "push-with-stream",
        "it takes no items",
        RawFrame.of(
            OPEN,
            STREAM,
            1,
            RawFrame.open(PUSH, RawFrame.NO_DEADLINE)
                .u32(1)
                .str("a/q")
                .content(Map.of(), "", NOTHING)));
  }

  private void badProducer(String name, String why, String status, long credit, RawFrame... bad) {
    worker(name, why, "§10.1", credit).receive(bad).sent(goAway(status)).ends(status);
  }

  private void badProducers() {
    add(opened(acceptor("item-before-credit", "nothing is sent before the first", "§10.1"))
        .receive(push(1), item(1, 1))
        .sent(goAway(TOO_MUCH))
        .ends(TOO_MUCH));
    badProducer(
        "item-beyond-credit", "two were allowed", TOO_MUCH, 2, item(1, 1), item(1, 2), item(1, 3));
    badProducer(
        "large-item-beyond-credit",
        "its head uses credit",
        TOO_MUCH,
        1,
        item(1, 1),
        RawFrame.of(MESSAGE, MORE, 1, new RawBytes().u64(2).contentToFollow(Map.of(), "", 40_000)));
    badProducer("item-0", "numbers are from 1", OUT_OF_PLACE, 1, item(1, 0));
    badProducer("item-too-high", "2^63", OUT_OF_PLACE, 1, item(1, Long.MIN_VALUE));
    badProducer("item-highest", "2^64 - 1", OUT_OF_PLACE, 1, item(1, -1));
    badProducer("item-twice", "it is not settled", OUT_OF_PLACE, 3, item(1, 8), item(1, 8));
    for (String attempt : new String[] {"", "0", "1", "-2", "02", "2 ", "two", "9".repeat(20)}) {
      badProducer(
          "attempt-" + attempt.length() + "-" + scripts.size(),
          "no number from 2",
          INVALID,
          1,
          item(1, 1, Map.of("liblink-attempt", attempt)));
    }
    badProducer(
        "ack-by-the-producer", "the worker settles", OUT_OF_PLACE, 1, RawFrame.ack(1, 1, 0, ""));
    badProducer(
        "credit-by-the-producer", "the worker gives it", OUT_OF_PLACE, 1, RawFrame.credit(1, 1));
    badProducer("close-by-the-producer", "it cancels", OUT_OF_PLACE, 1, RawFrame.reply(1, HI));
    badProducer(
        "fragment-without-an-item", "nothing to continue", INVALID, 1, RawFrame.fragment(1, HI));
    badProducer(
        "item-inside-an-item",
        "one at a time",
        OUT_OF_PLACE,
        2,
        RawFrame.of(MESSAGE, MORE, 1, new RawBytes().u64(1).contentToFollow(Map.of(), "", 40_000)),
        item(1, 2));
    add(opened(acceptor("push-of-kind-4", "no such kind", "§10.1"))
        .receive(RawFrame.of(
            OPEN,
            0,
            1,
            RawFrame.open(4, RawFrame.NO_DEADLINE).str("a/q").content(Map.of(), "", NOTHING)))
        .sent(goAway(INVALID))
        .ends(INVALID));
  }

  private void badWorker(String name, String why, String status, RawFrame... bad) {
    producer(name, why, "§10.1", 2)
        .item(1, 1, HI)
        .sent(frame("MESSAGE", 1))
        .receive(bad)
        .sent(goAway(status))
        .ends(status);
  }

  private void badWorkers() {
    badWorker("ack-of-nothing", "2 was not sent", OUT_OF_PLACE, RawFrame.ack(1, 2, 0, ""));
    badWorker("ack-of-0", "there is no such item", OUT_OF_PLACE, RawFrame.ack(1, 0, 0, ""));
    badWorker(
        "ack-twice",
        "it is settled",
        OUT_OF_PLACE,
        RawFrame.ack(1, 1, 0, ""),
        RawFrame.ack(1, 1, 0, ""));
    badWorker("ack-status-17", "no such status", INVALID, RawFrame.ack(1, 1, 17, ""));
    badWorker(
        "ack-reason-too-long",
        "4097 bytes",
        INVALID,
        RawFrame.ack(1, 1, MALFORMED, "x".repeat(4097)));
    badWorker("message-by-the-worker", "it takes items", OUT_OF_PLACE, item(1, 1));
    badWorker("cancel-by-the-worker", "it closes", OUT_OF_PLACE, RawFrame.cancel(1, 1));
    badWorker("credit-of-nothing", "0", INVALID, RawFrame.credit(1, 0));
  }
}
