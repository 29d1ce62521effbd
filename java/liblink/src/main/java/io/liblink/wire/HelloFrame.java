package io.liblink.wire;

import io.liblink.message.NodeId;
import java.nio.ByteBuffer;
import java.util.Map;

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
    Text agentText = Text.of(agent);
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
      throw new ProtocolException("§4.1", "HELLO of version " + version + ", not 1");
    }
    String cluster = texts.read(in, "HELLO cluster").toString();
    String node = texts.read(in, "HELLO node").toString();
    Fields.need(in, NodeId.SIZE + 6 * 4, "HELLO limits");
    NodeId instance = new NodeId(in.getLong(), in.getLong());
    long maxFrame = in.getInt() & 0xFFFF_FFFFL;
    long maxMessage = in.getInt() & 0xFFFF_FFFFL;
    long maxStreams = in.getInt() & 0xFFFF_FFFFL;
    long keepalive = in.getInt() & 0xFFFF_FFFFL;
    long window = in.getInt() & 0xFFFF_FFFFL;
    int features = in.getInt();
    if (maxFrame < Protocol.FRAME_LIMIT) {
      throw new ProtocolException(
          "§4.1", "HELLO with a frame limit of " + maxFrame + "; at least 65536");
    }
    String agent = texts.read(in, "HELLO agent").toString();
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
}
