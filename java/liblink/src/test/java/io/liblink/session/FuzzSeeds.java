package io.liblink.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes the seeds of {@link SessionFuzzTest} and of the tests of a whole node from the scripts. */
final class FuzzSeeds {
  private static final int LONGEST = 4096;

  /** "shop" and "peer", as in a HELLO. */
  private static final String PEER = "73686f70000470656572";

  private FuzzSeeds() {}

  /**
   * The directories of the seeds for a session, for a node that is dialed, and for a node that
   * subscribes are the arguments.
   */
  public static void main(String[] arguments) throws IOException {
    for (Map.Entry<String, List<Script>> file : SessionScripts.files().entrySet()) {
      for (Script script : file.getValue()) {
        switch ((String) script.top.get("role")) {
          case "publisher" -> write(Path.of(arguments[1]), script, bytesOnly(script));
          case "subscriber" -> write(Path.of(arguments[2]), script, bytesOnly(script));
          default -> write(Path.of(arguments[0]), script, seed(script));
        }
        if (!file.getKey().equals("bad.json") && "acceptor".equals(script.top.get("role"))) {
          write(Path.of(arguments[1]), script, bytesOnly(script));
        }
      }
    }
  }

  private static void write(Path directory, Script script, byte[] seed) throws IOException {
    Files.createDirectories(directory);
    if (seed.length > 1 && seed.length <= LONGEST) {
      Files.write(directory.resolve((String) script.top.get("name")), seed);
    }
  }

  /** What comes in, in one piece. */
  private static byte[] bytesOnly(Script script) {
    io.liblink.testing.RawBytes out = new io.liblink.testing.RawBytes().u8(0);
    boolean hello = false;
    for (Map<String, Object> step : script.steps) {
      Object value = step.get("receive");
      if (value != null && (hello || !value.toString().contains(PEER))) {
        out.raw(bytes(value));
      }
      hello |= value != null;
    }
    return out.done();
  }

  /** The operations of {@link FuzzedSession} that come nearest to the steps. */
  private static byte[] seed(Script script) {
    io.liblink.testing.RawBytes out = new io.liblink.testing.RawBytes();
    out.u8("dialer".equals(script.top.get("role")) ? 1 : 0);
    boolean hello = false;
    for (Map<String, Object> step : script.steps) {
      String action = step.keySet().iterator().next();
      Object value = step.get(action);
      switch (action) {
        case "receive" -> {
          if (hello || !value.toString().contains(PEER)) {
            receive(out, value);
          }
          hello = true;
        }
        case "open" -> out.u8(3).u8(value.toString().contains("credit") ? 203 : 200);
        case "reply" -> out.u8(5).u8(120).u8(7).u8(7);
        case "item" -> out.u8(6).u8(120).u8(7).u8(7);
        case "fail" -> out.u8(5).u8(1);
        case "cancel" -> out.u8(4).u8(0);
        case "grant" -> out.u8(12).u8(2);
        case "advance" -> out.u8(2).u8(100).u8(2).u8(255);
        case "drain" -> out.u8(15).u8(255);
        default -> {}
      }
    }
    return out.done();
  }

  private static void receive(io.liblink.testing.RawBytes out, Object hex) {
    byte[] bytes = bytes(hex);
    for (int at = 0; at < bytes.length; at += 255) {
      int n = Math.min(255, bytes.length - at);
      out.u8(0).u8(n).raw(java.util.Arrays.copyOfRange(bytes, at, at + n));
    }
  }

  private static byte[] bytes(Object hex) {
    if (hex instanceof String text) {
      return HexFormat.of().parseHex(text);
    }
    io.liblink.testing.RawBytes all = new io.liblink.testing.RawBytes();
    for (Object part : (List<?>) hex) {
      if (part instanceof List<?> run) {
        all.raw(
            FrameText.filled(HexFormat.fromHexDigits((String) run.get(0)), (Integer) run.get(1)));
      } else {
        all.raw(bytes(part));
      }
    }
    return all.done();
  }
}
