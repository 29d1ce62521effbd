package io.liblink.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.liblink.status.Status;
import io.liblink.wire.CloseFrame;
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

class FramingTest {
  private record Frame(byte type, int stream, ByteBuf payload) {}

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

  private static List<Frame> read(byte[] bytes, int piece) {
    List<Frame> frames = new ArrayList<>();
    FrameReader reader = new FrameReader(
        (type, stream, p) -> frames.add(new Frame(type, stream, Unpooled.wrappedBuffer(p))));
    for (int at = 0; at < bytes.length; at += piece) {
      reader.read(Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
    }
    return frames;
  }

  @Test
  void anOpenIsLaidOutByteByByte() {
    Wire wire = new Wire();
    wire.writer.open(7, new byte[] {(byte) 0xca, (byte) 0xfe});
    assertThat(HexFormat.of().formatHex(wire.written()))
        .isEqualTo("00000037" + "10" + "01" + "00000007" // length, OPEN, flags, stream
            + "01" + "01" + "00001388" // call, first attempt, 5,000 ms
            + "0102030405060708090a0b0c0d0e0f10111213141516171819" // trace
            + "000a" + "62656e63682f6563686f" // bench/echo
            + "0000" + "0000" + "cafe"); // no headers, raw bytes, payload
  }

  @Test
  void aCloseIsLaidOutByteByByte() {
    Wire wire = new Wire();
    wire.writer.close(7, new byte[] {(byte) 0xca, (byte) 0xfe});
    assertThat(HexFormat.of().formatHex(wire.written()))
        .isEqualTo("0000000d" + "15" + "00" + "00000007" + "00" + "0000" + "0000" + "cafe");
  }

  @Test
  void liblinkReadsTheSame() {
    Wire wire = new Wire();
    wire.writer.open(7, new byte[] {1, 2, 3});
    OpenFrame open = OpenFrame.decode(body(wire.written()), Protocol.FLAG_TRACE, new Texts());
    assertThat(open.kind()).isEqualTo(OpenFrame.CALL);
    assertThat(open.remainingMillis()).isEqualTo(5000);
    assertThat(open.trace()).isNotNull();
    assertThat(open.target()).hasToString("bench/echo");
    assertThat(open.content().payload()).containsExactly(1, 2, 3);
    wire.writer.close(7, new byte[] {4, 5});
    CloseFrame close = CloseFrame.decode(body(wire.written()), 0, new Texts());
    assertThat(close.status()).isEqualTo(Status.OK);
    assertThat(close.content().payload()).containsExactly(4, 5);
  }

  private static ByteBuffer body(byte[] frame) {
    return ByteBuffer.wrap(frame, Frames.HEADER, frame.length - Frames.HEADER).slice();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 57, 58, 1000, 16384, 1 << 20})
  void framesOfAllSizesSurviveAnyCut(int piece) {
    Wire wire = new Wire();
    Random random = new Random(piece);
    int[] sizes = {0, 1, 64, 1024, 8191, 8192, 8193, 16326, 16327, 16328, 40_000, 70_000, 3};
    List<Frame> sent = new ArrayList<>();
    for (int size : sizes) {
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      int stream = random.nextInt();
      wire.writer.open(stream, payload);
      sent.add(new Frame(Frames.OPEN, stream, Unpooled.wrappedBuffer(payload)));
      wire.writer.close(stream, payload);
      sent.add(new Frame(Frames.CLOSE, stream, Unpooled.wrappedBuffer(payload)));
    }
    assertThat(read(wire.written(), piece)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000", // shorter than any frame
        "ffffffff", // negative
        "7fffffff", // larger than the largest
        "0000000b11000000000700000000000000", // neither OPEN nor CLOSE
        "0000000b15000000000701000000000000", // a status
        "0000000b15000000000700000100000000" // headers
      })
  void whatTheReferenceNeverSendsIsRefused(String hex) {
    assertThatIllegalStateException().isThrownBy(() -> read(HexFormat.of().parseHex(hex), 1));
  }

  @Test
  void anotherTargetIsRefused() {
    Wire wire = new Wire();
    wire.writer.open(7, new byte[0]);
    byte[] bytes = wire.written();
    bytes[bytes.length - 5] = 'p';
    assertThatIllegalStateException()
        .isThrownBy(() -> read(bytes, bytes.length))
        .withMessageContaining("bench/echo");
  }
}
