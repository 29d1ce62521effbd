package io.liblink.session;

import static io.liblink.session.Script.map;
import static io.liblink.testing.RawFrame.OPEN;

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
        "calls.json", new CallScripts().all(),
        "large.json", new LargeScripts().all(),
        "push.json", new PushScripts().all(),
        "subscribe.json", new SubscribeScripts().all(),
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
}
