package io.liblink.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.liblink.status.Status;
import io.liblink.wire.AckFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Texts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsTest {
  private static final class Wire extends ChannelInboundHandlerAdapter {
    private final EmbeddedChannel channel = new EmbeddedChannel(this);
    private FrameWriter writer;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      writer = new FrameWriter(context);
    }

    byte[] written() {
      writer.flush();
      ByteBuf all = Unpooled.buffer();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        all.writeBytes(out);
        out.release();
      }
      byte[] bytes = new byte[all.readableBytes()];
      all.readBytes(bytes);
      return bytes;
    }
  }

  private static final class Seen implements ItemReader.Sink {
    private final List<String> frames = new ArrayList<>();

    @Override
    public void opened(int stream, byte kind) {
      frames.add("open " + stream + " " + kind);
    }

    @Override
    public void message(int stream, long sequence, byte[] payload) {
      frames.add("message " + stream + " " + sequence + " " + HexFormat.of().formatHex(payload));
    }

    @Override
    public void acknowledged(long sequence) {
      frames.add("ack " + sequence);
    }
  }

  private static List<String> read(byte[] bytes, int piece) {
    Seen seen = new Seen();
    ItemReader reader = new ItemReader(seen);
    for (int at = 0; at < bytes.length; at += piece) {
      reader.read(Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
    }
    return seen.frames;
  }

  private static byte[] bytes(Batch batch, int stream) {
    ByteBuf out = Unpooled.buffer();
    batch.writeTo(out, stream);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  private static ByteBuffer body(byte[] frame) {
    return ByteBuffer.wrap(frame, Frames.HEADER, frame.length - Frames.HEADER).slice();
  }

  @Test
  void aMessageIsLaidOutByteByByte() {
    Batch batch = new Batch();
    batch.add(0x1122334455667788L, new byte[] {(byte) 0xca, (byte) 0xfe});
    assertThat(HexFormat.of().formatHex(bytes(batch, 7)))
        .isEqualTo("0000002d" + "11" + "01" + "00000007" // length, MESSAGE, flags, stream
            + "1122334455667788" // sequence
            + "0102030405060708090a0b0c0d0e0f10111213141516171819" // trace
            + "0000" + "0000" + "cafe"); // no headers, raw bytes, payload
  }

  @Test
  void liblinkReadsTheSame() {
    Batch batch = new Batch();
    batch.add(9, new byte[] {1, 2, 3});
    MessageFrame message =
        MessageFrame.decode(body(bytes(batch, 7)), Protocol.FLAG_TRACE, new Texts());
    assertThat(message.sequence()).isEqualTo(9);
    assertThat(message.trace()).isNotNull();
    assertThat(message.content().payload()).containsExactly(1, 2, 3);
    Wire wire = new Wire();
    Items.ack(wire.writer, 7, 9);
    AckFrame ack = AckFrame.decode(body(wire.written()), new Texts());
    assertThat(ack.sequence()).isEqualTo(9);
    assertThat(ack.status()).isEqualTo(Status.OK);
    assertThat(ack.reason()).isEmpty();
    Items.open(wire.writer, Items.SUBSCRIBE);
    OpenFrame subscribe = OpenFrame.decode(body(wire.written()), Protocol.FLAG_STREAM, new Texts());
    assertThat(subscribe.kind()).isEqualTo(OpenFrame.SUBSCRIBE);
    assertThat(subscribe.credit()).isEqualTo(Integer.MAX_VALUE);
    Items.open(wire.writer, Items.PUSH);
    OpenFrame push = OpenFrame.decode(body(wire.written()), 0, new Texts());
    assertThat(push.kind()).isEqualTo(OpenFrame.PUSH);
    assertThat(push.target()).hasToString("bench/items");
  }

  @Test
  void aBatchIsOneRecordAndEachConnectionFillsInItsStream() {
    Batch batch = new Batch();
    byte[] payload = new byte[256];
    int items = 0;
    while (batch.hasRoomFor(payload)) {
      batch.add(++items, payload);
    }
    assertThat(items).isEqualTo(FrameWriter.RECORD / (Items.MESSAGE_PREFIX + 256));
    for (int stream : new int[] {1, 3, Integer.MAX_VALUE}) {
      assertThat(read(bytes(batch, stream), 1000))
          .hasSize(items)
          .allMatch(frame -> frame.startsWith("message " + stream + " "));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 9, 10, 11, 46, 47, 48, 1000, 16384, 1 << 20})
  void framesOfAllSizesSurviveAnyCut(int piece) {
    Wire wire = new Wire();
    Random random = new Random(piece);
    List<String> sent = new ArrayList<>();
    ByteBuf all = Unpooled.buffer();
    for (int size : new int[] {0, 1, 64, 256, 1024, 8191, 16_337, 2}) {
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      Batch batch = new Batch();
      batch.add(size, payload);
      batch.writeTo(all, 5);
      sent.add("message 5 " + size + " " + HexFormat.of().formatHex(payload));
      Items.ack(wire.writer, 5, size);
      all.writeBytes(wire.written());
      sent.add("ack " + size);
    }
    Items.open(wire.writer, Items.PUSH);
    all.writeBytes(wire.written());
    sent.add("open 1 3");
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    assertThat(read(bytes, piece)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000", // shorter than any frame
        "ffffffff", // negative
        "00010000", // larger than the largest
        "0000000b15000000000700000000000000", // neither OPEN, MESSAGE nor ACK
        "0000001114000000000700000000000000010d0000", // a rejection
        "0000002c1101000000070000000000000001"
            + "01020304050607080910111213141516171819202122232425" // headers
            + "0001000000"
      })
  void whatTheReferenceNeverSendsIsRefused(String hex) {
    assertThatIllegalStateException().isThrownBy(() -> read(HexFormat.of().parseHex(hex), 1));
  }
}
