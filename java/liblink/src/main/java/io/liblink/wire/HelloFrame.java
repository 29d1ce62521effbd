package io.liblink.wire;

import io.liblink.message.Names;
import io.liblink.message.NodeId;
import io.liblink.status.Status;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The first frame of either side: {@code version u16 | cluster str | node str | instance 16 |
 * max_frame u32 | max_message u32 | max_streams u32 | keepalive_ms u32 | window u32 | features u32 |
 * agent str | metadata}.
 *
 * @param version of the protocol
 * @param cluster the cluster of the sender; must be that of its certificate
 * @param node the name of the sender; must be that of its certificate
 * @param instance the run of the sender
 * @param maxFrame the largest frame it accepts, header not counted
 * @param maxMessage the largest payload it accepts
 * @param maxStreams streams that the receiver may have open to it
 * @param keepaliveMillis how long a silence it bears before it asks for a sign of life
 * @param window bytes of CONTINUE payload that the receiver may send at first
 * @param features bits of optional features; none in this version
 * @param agent the software, for people: {@code liblink-java/0.1.0}
 * @param metadata of the node
 */
public record HelloFrame(
    int version,
    String cluster,
    String node,
    NodeId instance,
    long maxFrame,
    long maxMessage,
    long maxStreams,
    long keepaliveMillis,
    long window,
    int features,
    String agent,
    Map<String, String> metadata) {
  private static final int FIXED = 2 + NodeId.SIZE + 6 * 4;

  /** Writes the frame on stream 0. */
  public void encode(FrameOutput output) {
    Text clusterText = Text.of(cluster);
    Text nodeText = Text.of(node);
    Text agentText = Text.cut(agent, Protocol.MAX_AGENT);
    Fields.checkMetadata(metadata);
    int size =
        FIXED + clusterText.size() + nodeText.size() + agentText.size() + Fields.sizeOf(metadata);
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + size);
    Fields.header(out, size, Protocol.HELLO, 0, 0);
    out.putShort((short) version);
    clusterText.encode(out);
    nodeText.encode(out);
    out.putLong(instance.high()).putLong(instance.low());
    out.putInt((int) maxFrame).putInt((int) maxMessage).putInt((int) maxStreams);
    out.putInt((int) keepaliveMillis).putInt((int) window).putInt(features);
    agentText.encode(out);
    Fields.encode(metadata, out);
  }

  /** Reads the body. */
  public static HelloFrame decode(ByteBuffer in, Texts texts) {
    Fields.need(in, 2, "HELLO version");
    int version = in.getShort() & 0xFFFF;
    if (version != Protocol.VERSION) {
      throw new ProtocolException(
          Status.FAILED_PRECONDITION, "§4.1", "HELLO of version " + version + ", not 1");
    }
    String cluster = name(texts.read(in, "HELLO cluster").toString(), Names::cluster);
    String node = name(texts.read(in, "HELLO node").toString(), Names::node);
    Fields.need(in, NodeId.SIZE + 6 * 4, "HELLO limits");
    NodeId instance = new NodeId(in.getLong(), in.getLong());
    long maxFrame = in.getInt() & 0xFFFF_FFFFL;
    long maxMessage = in.getInt() & 0xFFFF_FFFFL;
    long maxStreams = in.getInt() & 0xFFFF_FFFFL;
    long keepalive = in.getInt() & 0xFFFF_FFFFL;
    long window = in.getInt() & 0xFFFF_FFFFL;
    int features = in.getInt();
    atLeast("frame limit", maxFrame, Protocol.MIN_FRAME_LIMIT);
    atLeast("message limit", maxMessage, Protocol.WHOLE_PAYLOAD);
    atLeast("window", window, Protocol.FRAGMENT);
    String agent = texts.read(in, "HELLO agent", Protocol.MAX_AGENT).toString();
    Map<String, String> metadata = Fields.metadata(in, texts);
    Fields.end(in, "HELLO");
    return new HelloFrame(
        version,
        cluster,
        node,
        instance,
        maxFrame,
        maxMessage,
        maxStreams,
        keepalive,
        window,
        features,
        agent,
        metadata);
  }

  private static void atLeast(String what, long value, int least) {
    if (value < least) {
      throw new ProtocolException(
          "§4.1", "HELLO with a " + what + " of " + value + "; at least " + least);
    }
  }

  private static String name(String name, UnaryOperator<String> check) {
    try {
      return check.apply(name);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("§3.6", "HELLO: " + e.getMessage());
    }
  }
}
