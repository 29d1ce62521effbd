package io.liblink.session;

import static io.liblink.session.FrameText.filled;
import static io.liblink.session.Script.map;
import static io.liblink.testing.RawFrame.MESSAGE;
import static io.liblink.testing.RawFrame.MORE;
import static io.liblink.testing.RawFrame.OPEN;

import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.testing.RawHello;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes {@code spec/sessions/*.json}. The conversations are thought out here and their bytes put
 * together by hand; {@link SessionScriptTest} fails until files and code agree.
 */
final class SessionScripts {
  static final byte[] HI = {'h', 'i'};
  private static final byte[] NOTHING = {};

  private final List<Script> scripts = new ArrayList<>();

  private SessionScripts() {}

  /** Writes every file. */
  public static void main(String[] arguments) throws IOException {
    Path directory = SessionScriptTest.directory();
    for (String file : files().keySet()) {
      Files.writeString(directory.resolve(file), text(files().get(file)));
    }
  }

  static Map<String, List<Script>> files() {
    return Map.of(
        "life.json", new SessionScripts().life(),
        "calls.json", new SessionScripts().calls(),
        "large.json", new LargeScripts().all(),
        "bad.json", new BadScripts().all());
  }

  static String text(List<Script> scripts) {
    JsonMapper json = JsonMapper.shared();
    StringBuilder s = new StringBuilder("{\n  \"protocol\": \"liblink/1\",\n");
    s.append("  \"about\": \"Scripted conversations; README.md says how to run them.\",\n");
    s.append("  \"sessions\": [");
    String between = "\n";
    for (Script script : scripts) {
      String top = json.writeValueAsString(script.top);
      s.append(between).append("    ").append(top, 0, top.length() - 1).append(",\"steps\":[");
      String comma = "\n";
      for (Map<String, Object> step : script.steps) {
        s.append(comma).append("      ").append(json.writeValueAsString(step));
        comma = ",\n";
      }
      s.append("]}");
      between = ",\n";
    }
    return s.append("\n  ]\n}\n").toString();
  }

  static Script start(String name, String why, String spec, String role) {
    return new Script(name, why, spec, role);
  }

  static RawFrame hello() {
    return RawFrame.hello("shop", "peer");
  }

  static Map<String, Object> frame(String type, long stream, Object... more) {
    Map<String, Object> m = map("type", type, "stream", stream);
    m.putAll(map(more));
    return m;
  }

  static Map<String, Object> goAway(String status) {
    return frame("GOAWAY", 0, "status", status);
  }

  static Map<String, Object> told(String event, Object... more) {
    Map<String, Object> m = map("event", event);
    m.putAll(map(more));
    return m;
  }

  static Map<String, Object> end(String status) {
    return told("end", "status", status);
  }

  static Map<String, Object> ownHello() {
    return frame("HELLO", 0, "cluster", "shop", "node", "me");
  }

  /** An acceptor whose link is open. */
  static Script acceptor(String name, String why, String spec) {
    return start(name, why, spec, "acceptor");
  }

  static Script opened(Script script) {
    return opened(script, hello());
  }

  static Script opened(Script script, RawFrame hello) {
    script.receive(hello);
    return script.sent(ownHello()).told(told("ready"));
  }

  private Script add(Script script) {
    scripts.add(script);
    return script;
  }

  // ---- life.json ----------------------------------------------------------------------------

  private List<Script> life() {
    hellos();
    liveness();
    draining();
    endings();
    return scripts;
  }

  private void hellos() {
    add(acceptor("acceptor-speaks-first", "its HELLO needs no question", "§2.2"))
        .sent(ownHello())
        .told()
        .receive(hello())
        .sent()
        .told(told("ready"));
    add(start("dialer-answers", "it says nothing before it read HELLO", "§2.2", "dialer"))
        .sent()
        .advance(4000)
        .sent()
        .receive(hello())
        .sent(ownHello())
        .told(told("ready"));
    add(acceptor("frames-behind-hello", "a dialer may send them in the same piece", "§2.2"))
        .receive(hello(), RawFrame.call(1, "a/b", HI), RawFrame.ping(7))
        .sent(ownHello(), frame("PONG", 0, "opaque", "0000000000000007"))
        .told(told("ready"), told("request", "stream", 1, "target", "a/b", "payload", "6869"));
    add(start("acceptor-is-full", "GOAWAY instead of HELLO", "§2.2", "dialer"))
        .receive(RawFrame.goAway(0, 8, "full"))
        .sent()
        .told(told("goaway", "status", "RESOURCE_EXHAUSTED"), end("RESOURCE_EXHAUSTED"));
    for (String role : new String[] {"acceptor", "dialer"}) {
      Map<String, Object>[] first = first(role);
      add(start("other-cluster-" + role, "not that of the certificate", "§8.1", role))
          .sent(first)
          .receive(RawFrame.hello("shop2", "peer"))
          .sent(goAway("UNAUTHENTICATED"))
          .told(end("UNAUTHENTICATED"));
      add(start("other-name-" + role, "not that of the certificate", "§8.1", role))
          .sent(first)
          .receive(RawFrame.hello("shop", "peer2"))
          .sent(goAway("UNAUTHENTICATED"))
          .told(end("UNAUTHENTICATED"));
      add(start("other-version-" + role, "only 1 is known", "§8.1", role))
          .sent(first)
          .receive(RawHello.of("shop", "peer").version(2).frame())
          .sent(goAway("FAILED_PRECONDITION"))
          .told(end("FAILED_PRECONDITION"));
      add(start("small-window-" + role, "below 32768", "§4.1", role))
          .sent(first)
          .receive(RawHello.of("shop", "peer").limits(16384, 1, 32767).frame())
          .sent(goAway("INVALID_ARGUMENT"))
          .told(end("INVALID_ARGUMENT"));
    }
    add(opened(acceptor("second-hello", "once is enough", "§4.1")))
        .receive(hello())
        .sent(goAway("FAILED_PRECONDITION"))
        .told(end("FAILED_PRECONDITION"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object>[] first(String role) {
    return role.equals("acceptor") ? new Map[] {ownHello()} : new Map[0];
  }

  private void liveness() {
    add(opened(acceptor("ping-pong", "answered with the same bytes", "§4.2")))
        .receive(RawFrame.ping(0x0102030405060708L))
        .sent(frame("PONG", 0, "opaque", "0102030405060708"));
    add(opened(acceptor("pong-of-nothing", "skipped", "§4.3")))
        .receive(RawFrame.pong(99))
        .sent()
        .told();
    add(opened(
            acceptor("silence", "asked about after keepalive, then lost, without GOAWAY", "§8.2")))
        .advance(14_900)
        .sent()
        .advance(1700)
        .sent(frame("PING", 0))
        .advance(8000)
        .sent()
        .told()
        .advance(4000)
        .sent()
        .told(end("UNAVAILABLE"));
    add(opened(acceptor("any-byte-is-life", "even half a header", "§8.2")))
        .advance(14_000)
        .receive(new byte[] {0, 0, 0})
        .advance(14_000)
        .sent()
        .advance(2600)
        .sent(frame("PING", 0))
        .receive(new byte[] {14})
        .advance(12_000)
        .sent()
        .told();
    add(opened(start("idle", "a dialer leaves a link that it does not use", "§8.3", "dialer")
            .own("idle_ms", 10_000)))
        .advance(9900)
        .told()
        .advance(1200)
        .told(told("idle"))
        .sent(frame("GOAWAY", 0, "status", "UNAVAILABLE", "last_stream", 0L));
    add(opened(start("not-idle", "a stream is open", "§8.3", "dialer").own("idle_ms", 10_000)))
        .receive(RawFrame.of(
            OPEN,
            0,
            2,
            RawFrame.open(1, RawFrame.NO_DEADLINE).str("a/b").content(Map.of(), "", NOTHING)))
        .told(told("request", "stream", 2))
        .advance(12_000)
        .told()
        .sent();
  }

  private void draining() {
    add(opened(acceptor("drain", "what was taken is finished, later streams are refused", "§8.3")))
        .receive(RawFrame.call(1, "a/b", HI))
        .told(told("request", "stream", 1))
        .drain()
        .sent(frame("GOAWAY", 0, "status", "UNAVAILABLE", "last_stream", 1L))
        .receive(RawFrame.call(3, "a/b", HI))
        .sent(frame("CLOSE", 3, "status", "UNAVAILABLE", "stage", "SEND", "ran", "NO"))
        .reply(1, HI)
        .sent(frame("CLOSE", 1, "status", "OK", "payload", "6869"))
        .close("OK")
        .sent(frame("GOAWAY", 0, "status", "OK", "last_stream", 1L))
        .told(end("OK"));
    add(opened(acceptor("peer-drains", "streams above the last did not run", "§8.3")))
        .open("a/b", HI, 5000)
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2), frame("OPEN", 4))
        .receive(RawFrame.goAway(2, 14, "draining"))
        .told(
            told("goaway", "status", "UNAVAILABLE", "last_stream", 2),
            told("failed", "stream", 4, "status", "UNAVAILABLE", "ran", "NO"))
        .receive(RawFrame.reply(4, HI))
        .told()
        .receive(RawFrame.reply(2, HI))
        .told(told("reply", "stream", 2, "payload", "6869"))
        .sent();
    add(opened(acceptor("goaway-higher-than-before", "the lower one counts", "§10.1")))
        .open("a/b", HI, 5000)
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2), frame("OPEN", 4))
        .receive(RawFrame.goAway(2, 14, "draining"), RawFrame.goAway(4, 0, "drained"))
        .told(
            told("goaway", "last_stream", 2),
            told("failed", "stream", 4, "ran", "NO"),
            told("goaway", "last_stream", 4),
            told("failed", "stream", 2, "ran", "MAYBE"),
            end("OK"));
    add(opened(acceptor("both-drain", "at the same time", "§8.3")))
        .receive(RawFrame.call(1, "a/b", HI))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2))
        .drain()
        .sent(frame("GOAWAY", 0, "status", "UNAVAILABLE", "last_stream", 1L))
        .receive(RawFrame.goAway(2, 14, "draining"))
        .reply(1, HI)
        .sent(frame("CLOSE", 1))
        .receive(RawFrame.reply(2, HI))
        .told(
            told("request", "stream", 1),
            told("goaway", "status", "UNAVAILABLE"),
            told("reply", "stream", 2));
  }

  private void endings() {
    add(opened(acceptor("lost", "without GOAWAY nobody knows what ran", "§8.4")))
        .receive(RawFrame.call(1, "a/b", HI))
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2))
        .lost()
        .sent()
        .told(
            told("request", "stream", 1),
            told("cancelled", "stream", 1),
            told("failed", "stream", 2, "status", "UNAVAILABLE", "ran", "MAYBE"),
            end("UNAVAILABLE"));
    add(opened(acceptor(
            "goaway-for-a-fault", "the link is closed; later streams did not run", "§8.3")))
        .open("a/b", HI, 5000)
        .open("a/b", HI, 5000)
        .sent(frame("OPEN", 2), frame("OPEN", 4))
        .receive(RawFrame.goAway(2, 3, "broken"))
        .sent()
        .told(
            told("goaway", "status", "INVALID_ARGUMENT"),
            told("failed", "stream", 2, "status", "UNAVAILABLE", "ran", "MAYBE"),
            told("failed", "stream", 4, "status", "UNAVAILABLE", "ran", "NO"),
            end("INVALID_ARGUMENT"));
    add(opened(acceptor("nothing-after-the-end", "frames behind a GOAWAY are not handled", "§1")))
        .receive(RawFrame.goAway(0, 0, "idle"), RawFrame.call(1, "a/b", HI), RawFrame.ping(1))
        .sent()
        .told(told("goaway", "status", "OK"), end("OK"))
        .receive(RawFrame.ping(2))
        .sent();
    add(opened(acceptor("nothing-after-a-fault", "frames behind a bad one are not handled", "§1")))
        .receive(new RawFrame(0x7F, 0, 0, NOTHING), RawFrame.call(1, "a/b", HI))
        .sent(frame("GOAWAY", 0, "status", "UNIMPLEMENTED", "last_stream", 0L))
        .told(end("UNIMPLEMENTED"));
  }

  // ---- calls.json ---------------------------------------------------------------------------

  private List<Script> calls() {
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
