package io.liblink.session;

import static io.liblink.session.FrameText.filled;
import static io.liblink.session.SessionScripts.HI;
import static io.liblink.session.SessionScripts.frame;
import static io.liblink.session.SessionScripts.goAway;
import static io.liblink.session.SessionScripts.ownHello;
import static io.liblink.session.SessionScripts.start;
import static io.liblink.session.SessionScripts.told;
import static io.liblink.testing.RawFrame.ACK;
import static io.liblink.testing.RawFrame.MESSAGE;
import static io.liblink.testing.RawFrame.MORE;
import static io.liblink.testing.RawFrame.NO_DEADLINE;
import static io.liblink.testing.RawFrame.OPEN;
import static io.liblink.testing.RawFrame.STREAM;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code spec/sessions/subscribe.json}: topics and their subscribers (§6.7), both sides. */
final class SubscribeScripts {
  private static final String OUT_OF_PLACE = "FAILED_PRECONDITION";
  private static final byte[] NOTHING = {};
  private static final int UNAVAILABLE = 14;

  private final List<Script> scripts = new ArrayList<>();

  private Script add(Script script) {
    scripts.add(script);
    return script;
  }

  List<Script> all() {
    confirming();
    starting();
    full();
    leavingOut();
    ending();
    refusing();
    rudeSubscribers();
    subscribing();
    goingOn();
    rudePublishers();
    return scripts;
  }

  private static Script opened(Script script) {
    return opened(script, SessionScripts.hello());
  }

  private static Script opened(Script script, RawFrame hello) {
    return script.sent(ownHello()).receive(hello);
  }

  // ---- the publisher is tested --------------------------------------------------------------

  private static Script publisher(String name, String why) {
    return start(name, why, "§6.7", "publisher");
  }

  private static RawFrame subscribe(long stream, long credit, String... headers) {
    return subscribeTo("s/t", stream, credit, headers);
  }

  private static RawFrame subscribeTo(String target, long stream, long credit, String... headers) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    RawBytes open = RawFrame.open(RawFrame.SUBSCRIBE, NO_DEADLINE).u32(credit);
    return RawFrame.of(OPEN, STREAM, stream, open.str(target).content(map, "", NOTHING));
  }

  private static Map<String, Object> ack(long sequence) {
    return frame("ACK", 1, "sequence", sequence, "status", "OK");
  }

  private static Map<String, Object> message(long sequence) {
    return frame("MESSAGE", 1, "sequence", sequence);
  }

  private static Map<String, Object> gap(long last, long count, String reason) {
    return frame(
        "MESSAGE",
        1,
        "sequence",
        last,
        "liblink-gap",
        Long.toString(count),
        "liblink-gap-reason",
        reason);
  }

  private static Script published(Script script, int many) {
    for (int i = 1; i <= many; i++) {
      script.publish("payload", Script.hex(new byte[] {(byte) i}));
    }
    return script;
  }

  private void confirming() {
    add(opened(publisher("subscribed", "confirmed, and then what is published")))
        .receive(subscribe(1, 10))
        .sent(ack(1))
        .publish("payload", "6869")
        .sent(frame("MESSAGE", 1, "sequence", 1L, "payload", "6869"))
        .publish("payload", "", "key", "k")
        .sent(frame("MESSAGE", 1, "sequence", 2L, "payload", "", "liblink-key", "k"));
    Script credit = add(opened(publisher("item-credit", "nothing is sent without")))
        .receive(subscribe(1, 1))
        .sent(ack(1));
    published(credit, 4)
        .sent(message(1))
        .receive(RawFrame.credit(1, 1))
        .sent(message(2))
        .receive(RawFrame.credit(1, 5))
        .sent(message(3), message(4));
    Script none = add(opened(publisher("no-credit-at-first", "confirmed all the same")))
        .receive(subscribe(1, 0))
        .sent(ack(1));
    published(none, 1).sent().receive(RawFrame.credit(1, 1)).sent(message(1));
    add(opened(publisher("a-large-message", "in fragments, the next one behind it")))
        .receive(subscribe(1, 10))
        .sent(ack(1))
        .publish("payload", Script.hex(filled(7, 40_000)))
        .publish("payload", "01")
        .sent(
            frame("MESSAGE", 1, "sequence", 1L, "total", 40_000L),
            frame("CONTINUE", 1, "size", 40_000L),
            message(2));
    add(opened(publisher("several-on-one-link", "each with its own credit")))
        .receive(subscribe(1, 1), subscribe(3, 2))
        .sent(ack(1), frame("ACK", 3, "sequence", 1L))
        .publish("payload", "01")
        .sent(message(1), frame("MESSAGE", 3, "sequence", 1L))
        .publish("payload", "02")
        .sent(frame("MESSAGE", 3, "sequence", 2L));
  }

  private void starting() {
    Script number = opened(publisher("from-a-number", "from that message on"));
    add(published(number, 3))
        .receive(subscribe(1, 10, "liblink-from", "2"))
        .sent(ack(2), message(2), message(3));
    Script next = opened(publisher("from-the-next-number", "it was not published yet"));
    add(published(next, 3))
        .receive(subscribe(1, 10, "liblink-from", "4"))
        .sent(ack(4))
        .publish("payload", "04")
        .sent(message(4));
    Script latest = opened(publisher("from-latest", "nothing that was before"));
    add(published(latest, 3))
        .receive(subscribe(1, 10, "liblink-from", "latest"))
        .sent(ack(4));
    Script earliest = opened(publisher("from-earliest", "what is kept").own("keep", 2));
    add(published(earliest, 5))
        .receive(subscribe(1, 10, "liblink-from", "earliest"))
        .sent(ack(4), message(4), message(5));
    Script age = opened(publisher("from-an-age", "what was published since then"));
    add(published(age, 3))
        .receive(subscribe(1, 10, "liblink-from", "age 3600000"))
        .sent(ack(1), message(1), message(2), message(3));
    Script gone = opened(publisher("not-kept-any-more", "one gap").own("keep", 2));
    add(published(gone, 5))
        .receive(subscribe(1, 10, "liblink-from", "1"))
        .sent(ack(1), gap(3, 3, "tail"), message(4), message(5));
    add(opened(publisher("last-values-first", "with the sequences that they have")
            .own("keep", 1)
            .own("last_values", 2)))
        .publish("payload", "01", "key", "a")
        .publish("payload", "02", "key", "b")
        .publish("payload", "03", "key", "a")
        .publish("payload", "04")
        .receive(subscribe(1, 10))
        .sent(ack(5), message(2), message(3));
  }

  private void full() {
    Script oldest = opened(publisher("drop-oldest", "the newest of the queue are left"))
        .receive(subscribe(1, 0, "liblink-queue", "2"))
        .sent(ack(1));
    add(published(oldest, 5))
        .receive(RawFrame.credit(1, 10))
        .sent(gap(3, 3, "queue"), message(4), message(5));
    Script newest = opened(publisher("drop-newest", "the first of the queue are left"))
        .receive(subscribe(1, 0, "liblink-queue", "2", "liblink-full", "drop-newest"))
        .sent(ack(1));
    add(published(newest, 5))
        .receive(RawFrame.credit(1, 10))
        .sent(message(1), message(2), gap(5, 3, "queue"));
    add(opened(publisher("latest-per-key", "what is superseded is left out without a word")))
        .receive(subscribe(1, 0, "liblink-full", "latest-per-key"))
        .sent(ack(1))
        .publish("payload", "01", "key", "a")
        .publish("payload", "02", "key", "b")
        .publish("payload", "03")
        .publish("payload", "04", "key", "a")
        .receive(RawFrame.credit(1, 10))
        .sent(message(2), message(3), message(4));
    Script disconnect = opened(publisher("disconnect", "the subscriber wanted it so"))
        .receive(subscribe(1, 0, "liblink-queue", "2", "liblink-full", "disconnect"))
        .sent(ack(1));
    add(published(disconnect, 2)).sent();
    published(disconnect, 1).sent(frame("CLOSE", 1, "status", "RESOURCE_EXHAUSTED", "ran", "NO"));
    Script gaps = opened(publisher("a-gap-uses-credit-up", "like a message").own("keep", 1));
    add(published(gaps, 3))
        .receive(subscribe(1, 1, "liblink-from", "1"))
        .sent(ack(1), gap(2, 2, "tail"))
        .receive(RawFrame.credit(1, 1))
        .sent(message(3));
  }

  private void leavingOut() {
    add(opened(publisher("filter", "over the headers of messages")))
        .receive(subscribe(1, 10, "liblink-filter", "zone == 'eu'"))
        .sent(ack(1))
        .publish("payload", "01", "headers", Map.of("zone", "us"))
        .publish("payload", "02", "headers", Map.of("zone", "eu"))
        .publish("payload", "03")
        .publish("payload", "04", "headers", Map.of("zone", "eu"))
        .sent(message(2), message(4));
    RawHello small = RawHello.of("shop", "peer").limits(16_384, 4096, 262_144);
    add(opened(publisher("too-large-for-this-subscriber", "a gap of one"), small.frame()))
        .receive(subscribe(1, 10))
        .sent(ack(1))
        .publish("payload", Script.hex(filled(7, 16_385)))
        .publish("payload", "01")
        .sent(gap(1, 1, "size"), message(2));
  }

  private void ending() {
    Script closing = opened(publisher("the-service-is-closed", "what was published goes out"))
        .receive(subscribe(1, 1))
        .sent(ack(1));
    add(published(closing, 3))
        .sent(message(1))
        .serviceEnds()
        .receive(RawFrame.credit(1, 10))
        .sent(
            message(2),
            message(3),
            frame("CLOSE", 1, "status", "UNAVAILABLE", "stage", "SEND", "ran", "NO"));
    add(opened(publisher("unsubscribed", "nothing more is sent")))
        .receive(subscribe(1, 10))
        .sent(ack(1))
        .receive(RawFrame.cancel(1, 1), RawFrame.credit(1, 5))
        .sent()
        .publish("payload", "01")
        .sent()
        .receive(subscribe(3, 10))
        .sent(frame("ACK", 3, "sequence", 2L));
  }

  private void refusing() {
    refused("from-nonsense", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-from", "now"));
    refused("from-0", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-from", "0"));
    refused("from-too-far", "OUT_OF_RANGE", subscribe(1, 1, "liblink-from", "5"));
    refused("age-nonsense", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-from", "age -1"));
    refused("queue-0", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-queue", "0"));
    refused("queue-too-long", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-queue", "2147483648"));
    refused("full-nonsense", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-full", "wait"));
    refused("filter-nonsense", "INVALID_ARGUMENT", subscribe(1, 1, "liblink-filter", "zone =="));
    refused("no-such-topic", "UNIMPLEMENTED", subscribeTo("s/other", 1, 1));
    refused("no-such-service", "UNAVAILABLE", subscribeTo("other/t", 1, 1));
    refused("malformed-target", "UNAVAILABLE", subscribeTo("?", 1, 1));
    RawBytes open = RawFrame.open(RawFrame.SUBSCRIBE, NO_DEADLINE);
    refused(
        "without-stream",
        "INVALID_ARGUMENT",
        RawFrame.of(OPEN, 0, 1, open.str("s/t").content(Map.of(), "", NOTHING)));
    refused("a-topic-is-no-method", "UNIMPLEMENTED", RawFrame.call(1, "s/t", HI));
  }

  private void refused(String name, String status, RawFrame subscribe) {
    add(opened(publisher("refused-" + name, "in words, and the link goes on")))
        .receive(subscribe)
        .sent(frame("CLOSE", 1, "status", status, "stage", "SEND", "ran", "NO"))
        .receive(subscribeTo("s/t", 3, 1))
        .sent(frame("ACK", 3, "sequence", 1L));
  }

  private void rudeSubscribers() {
    rude("subscriber-sends-message", OUT_OF_PLACE, RawFrame.message(1, 1, HI));
    rude("subscriber-sends-ack", OUT_OF_PLACE, RawFrame.ack(1, 1, 0, ""));
    rude("subscriber-sends-close", OUT_OF_PLACE, RawFrame.reply(1, HI));
    rude("subscriber-grants-nothing", "INVALID_ARGUMENT", RawFrame.credit(1, 0));
    rude("subscriber-continues-nothing", "INVALID_ARGUMENT", RawFrame.fragment(1, HI));
  }

  private void rude(String name, String status, RawFrame frame) {
    add(opened(start(name, "error of the link", "§10.1", "publisher")))
        .receive(subscribe(1, 10))
        .sent(ack(1))
        .receive(frame)
        .sent(goAway(status));
  }

  // ---- the subscriber is tested -------------------------------------------------------------

  private static Script subscriber(String name, String why, Object... options) {
    return subscriberOf("§6.7", name, why, options);
  }

  private static Script subscriberOf(String spec, String name, String why, Object... options) {
    Script script = start(name, why, spec, "subscriber").subscribe(options).dialed();
    return script.receive(SessionScripts.hello());
  }

  private static Map<String, Object> open(long stream, Object... headers) {
    Map<String, Object> m =
        frame("OPEN", stream, "kind", 2, "target", "s/t", "remaining_ms", NO_DEADLINE);
    m.putAll(Script.map(headers));
    return m;
  }

  private static RawFrame item(long stream, long sequence, String... headers) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return RawFrame.of(MESSAGE, 0, stream, new RawBytes().u64(sequence).content(map, "", HI));
  }

  private static RawFrame gapItem(long stream, long last, String count, String reason) {
    return item(stream, last, "liblink-gap", count, "liblink-gap-reason", reason);
  }

  private static RawFrame confirm(long stream, long sequence) {
    return RawFrame.ack(stream, sequence, 0, "");
  }

  private void subscribing() {
    add(subscriber("subscribes", "confirmed, and then messages"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 5))
        .told(told("confirmed"))
        .receive(item(1, 5), item(1, 6, "liblink-key", "k"))
        .told(
            told("message", "sequence", 5L, "payload", "6869", "last_value", false),
            told("message", "sequence", 6L, "key", "k"));
    add(subscriber(
            "says-what-it-wants",
            "as headers",
            "from",
            "age 60000",
            "queue",
            10,
            "full",
            "drop-newest",
            "filter",
            "zone == 'eu'"))
        .sent(
            ownHello(),
            open(
                1,
                "liblink-from",
                "age 60000",
                "liblink-queue",
                "10",
                "liblink-full",
                "drop-newest",
                "liblink-filter",
                "zone == 'eu'"))
        .receive(confirm(1, 5), item(1, 9))
        .told(told("confirmed"), told("message", "sequence", 9L)); // the filter left out others
    add(subscriber("last-values", "below the start, with holes"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 10), item(1, 3), item(1, 7), item(1, 10))
        .told(
            told("confirmed"),
            told("message", "sequence", 3L, "last_value", true),
            told("message", "sequence", 7L, "last_value", true),
            told("message", "sequence", 10L, "last_value", false));
    add(subscriber("a-gap-is-told", "in order"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), item(1, 1), gapItem(1, 4, "3", "queue"), item(1, 5))
        .told(
            told("confirmed"),
            told("message", "sequence", 1L),
            told("gap", "last", 4L, "count", 3L, "reason", "queue"),
            told("message", "sequence", 5L));
    RawBytes head = new RawBytes().u64(1).contentToFollow(Map.of(), "", 20_000);
    add(subscriber("a-large-message-comes", "when it is whole"))
        .sent(ownHello(), open(1))
        .receive(
            confirm(1, 1),
            RawFrame.of(MESSAGE, MORE, 1, head),
            RawFrame.fragment(1, filled(7, 20_000)),
            item(1, 2))
        .told(
            told("confirmed"),
            told("message", "sequence", 1L, "payload", Script.hex(filled(7, 20_000))),
            told("message", "sequence", 2L));
  }

  private void goingOn() {
    add(subscriber("goes-on-behind-the-last", "when the link was lost"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 5), item(1, 5), item(1, 6))
        .told(told("confirmed"), told("message", "sequence", 5L), told("message", "sequence", 6L))
        .lost()
        .dialed()
        .receive(SessionScripts.hello())
        .sent(ownHello(), open(1, "liblink-from", "7"))
        .receive(confirm(1, 7), item(1, 7))
        .told(told("message", "sequence", 7L));
    add(subscriber("goes-on-where-it-was-confirmed", "when nothing came before"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 5))
        .told(told("confirmed"))
        .lost()
        .dialed()
        .receive(SessionScripts.hello())
        .sent(ownHello(), open(1, "liblink-from", "5"));
    add(subscriber("a-gap-counts-as-had", "it is not asked for again"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), gapItem(1, 6, "6", "tail"))
        .told(told("confirmed"), told("gap", "last", 6L, "count", 6L, "reason", "tail"))
        .lost()
        .dialed()
        .receive(SessionScripts.hello())
        .sent(ownHello(), open(1, "liblink-from", "7"));
    add(subscriber("unavailable-is-tried-again", "on the same link"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), item(1, 1), RawFrame.failure(1, UNAVAILABLE, 4, 0, "closing"))
        .told(told("confirmed"), told("message", "sequence", 1L))
        .sent(open(3, "liblink-from", "2"))
        .receive(confirm(3, 2), item(3, 2))
        .told(told("message", "sequence", 2L));
    add(subscriber("refused-for-good", "it does not come back by itself"))
        .sent(ownHello(), open(1))
        .receive(RawFrame.failure(1, 7, 2, 0, "not you"))
        .told(told("refused", "status", "PERMISSION_DENIED"))
        .sent();
    add(subscriber("disconnected", "nor then"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), item(1, 1), RawFrame.failure(1, 8, 4, 0, "too slow"))
        .told(
            told("confirmed"),
            told("message", "sequence", 1L),
            told("refused", "status", "RESOURCE_EXHAUSTED"))
        .sent();
    add(subscriber("a-hole", "an error of the stream"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), item(1, 1), item(1, 3))
        .told(told("confirmed"), told("message", "sequence", 1L))
        .sent(frame("CANCEL", 1), open(3, "liblink-from", "2"))
        .receive(item(1, 4), confirm(3, 2), item(3, 2))
        .told(told("message", "sequence", 2L));
    add(subscriber("a-gap-that-leaves-a-hole", "the same"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 1), gapItem(1, 5, "4", "queue"))
        .told(told("confirmed"))
        .sent(frame("CANCEL", 1), open(3, "liblink-from", "1"));
    add(subscriber("a-gap-that-says-too-much", "the same"))
        .sent(ownHello(), open(1))
        .receive(confirm(1, 3), item(1, 3), gapItem(1, 5, "3", "queue"))
        .told(told("confirmed"), told("message", "sequence", 3L))
        .sent(frame("CANCEL", 1), open(3, "liblink-from", "4"));
  }

  private void rudePublishers() {
    rude("message-before-ack", OUT_OF_PLACE, item(1, 1));
    rude("second-ack", OUT_OF_PLACE, confirm(1, 1), confirm(1, 1));
    rude("ack-that-rejects", OUT_OF_PLACE, RawFrame.ack(1, 1, 5, "no"));
    rude("ack-0", OUT_OF_PLACE, confirm(1, 0));
    rude("sequence-0", OUT_OF_PLACE, confirm(1, 1), item(1, 0));
    rude("sequence-again", OUT_OF_PLACE, confirm(1, 1), item(1, 1), item(1, 1));
    rude("sequence-back", OUT_OF_PLACE, confirm(1, 1), item(1, 1), item(1, 2), item(1, 1));
    rude("credit-by-the-publisher", OUT_OF_PLACE, confirm(1, 1), RawFrame.credit(1, 1));
    rude("cancel-by-the-publisher", OUT_OF_PLACE, confirm(1, 1), RawFrame.cancel(1, 1));
    for (String count : new String[] {"0", "-1", "+1", "1.0", "", "6"}) {
      rude(
          "gap-of-" + (count.isEmpty() ? "nothing" : count),
          "INVALID_ARGUMENT",
          confirm(1, 5),
          gapItem(1, 5, count, "tail"));
    }
    rude("gap-without-reason", "INVALID_ARGUMENT", confirm(1, 5), item(1, 5, "liblink-gap", "1"));
    rude("gap-reason", "INVALID_ARGUMENT", confirm(1, 5), gapItem(1, 5, "1", "lost"));
    rude(
        "ack-cut-off",
        "INVALID_ARGUMENT",
        RawFrame.of(ACK, 0, 1, new RawBytes().u64(1).u8(0).u8(0)));
  }

  private void rude(String name, String status, RawFrame... frames) {
    add(subscriberOf("§10.1", "publisher-" + name, "error of the link"))
        .sent(ownHello(), open(1))
        .receive(frames)
        .sent(goAway(status));
  }
}
