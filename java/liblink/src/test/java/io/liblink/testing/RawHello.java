package io.liblink.testing;

import java.util.HexFormat;
import java.util.Map;

/** A HELLO with whatever in it. */
@SuppressWarnings("ArrayRecordComponent")
public record RawHello(
    int version,
    String cluster,
    String node,
    byte[] instance,
    long maxFrame,
    long maxMessage,
    long maxStreams,
    long keepaliveMillis,
    long window,
    long features,
    String agent,
    Map<String, String> metadata) {
  private static final byte[] INSTANCE =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  /** The usual limits. */
  public static RawHello of(String cluster, String node) {
    return new RawHello(
        1, cluster, node, INSTANCE, 65536, 64 << 20, 4096, 15000, 256 << 10, 0, "raw/1", Map.of());
  }

  /** With other limits for what the receiver may send. */
  public RawHello limits(long maxMessage, long maxStreams, long window) {
    return with(maxFrame, maxMessage, maxStreams, keepaliveMillis, window);
  }

  public RawHello with(
      long maxFrame, long maxMessage, long maxStreams, long keepaliveMillis, long window) {
    return new RawHello(
        version,
        cluster,
        node,
        instance,
        maxFrame,
        maxMessage,
        maxStreams,
        keepaliveMillis,
        window,
        features,
        agent,
        metadata);
  }

  public RawHello with(String agent, Map<String, String> metadata) {
    return new RawHello(
        version,
        cluster,
        node,
        instance,
        maxFrame,
        maxMessage,
        maxStreams,
        keepaliveMillis,
        window,
        features,
        agent,
        metadata);
  }

  public RawHello version(int version) {
    return new RawHello(
        version,
        cluster,
        node,
        instance,
        maxFrame,
        maxMessage,
        maxStreams,
        keepaliveMillis,
        window,
        features,
        agent,
        metadata);
  }

  public RawFrame frame() {
    RawBytes body = new RawBytes().u16(version).str(cluster).str(node).raw(instance);
    body.u32(maxFrame).u32(maxMessage).u32(maxStreams).u32(keepaliveMillis).u32(window);
    body.u32(features).str(agent).pairs(metadata);
    return RawFrame.of(RawFrame.HELLO, 0, 0, body);
  }

  /** Reads a HELLO. */
  public static RawHello read(RawFrame frame) {
    if (frame.type() != RawFrame.HELLO) {
      throw new IllegalStateException("not a HELLO: " + frame);
    }
    RawFields in = frame.fields();
    return new RawHello(
        in.u16(),
        in.str(),
        in.str(),
        in.raw(16),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.str(),
        in.pairs());
  }
}
