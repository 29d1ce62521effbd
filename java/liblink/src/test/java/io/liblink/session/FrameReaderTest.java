package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.testing.Gen;
import io.liblink.testing.RawFrame;
import io.liblink.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  /** Frames of every kind of treatment: whole, fragment, skipped, empty. */
  private static byte[] conversation(Gen gen) {
    List<byte[]> frames = new ArrayList<>();
    for (int i = gen.between(1, 30); i > 0; i--) {
      frames.add(
          switch (gen.between(0, 5)) {
            case 0 -> RawFrame.ping(gen.aLong()).bytes();
            case 1 -> RawFrame.call(1, "a/b", gen.bytes(300)).bytes();
            case 2 -> RawFrame.fragment(gen.between(1, 9), nonEmpty(gen)).bytes();
            case 3 ->
              new RawFrame(0x80 + gen.between(0, 127), 0, gen.anInt(), gen.bytes(50)).bytes();
            case 4 -> new RawFrame(RawFrame.CANCEL, 0, 1, new byte[0]).bytes(); // no body at all
            default -> RawFrame.reply(2, gen.bytes(20_000)).bytes();
          });
    }
    return FrameText.join(frames);
  }

  private static byte[] nonEmpty(Gen gen) {
    byte[] b = gen.bytes(32 << 10);
    return b.length == 0 ? new byte[] {1} : b;
  }

  @Test
  void howeverBytesAreCutTheFramesAreTheSame() {
    Gen.check(200, gen -> {
      byte[] all = conversation(gen);
      List<String> whole = read(all, new int[0]);
      int[] cuts = new int[gen.between(1, 40)];
      for (int i = 0; i < cuts.length; i++) {
        cuts[i] = gen.between(0, all.length);
      }
      java.util.Arrays.sort(cuts);
      assertThat(read(all, cuts)).isEqualTo(whole);
    });
  }

  @Test
  void byteByByteTheyAreTheSame() {
    Gen.check(10, gen -> {
      byte[] all = conversation(gen);
      int[] cuts = new int[all.length];
      for (int i = 0; i < cuts.length; i++) {
        cuts[i] = i;
      }
      assertThat(read(all, cuts)).isEqualTo(read(all, new int[0]));
    });
  }

  @Test
  void oneCutAnywhereChangesNothing() {
    byte[] all = FrameText.join(List.of(
        RawFrame.ping(1).bytes(),
        RawFrame.fragment(1, new byte[7]).bytes(),
        new RawFrame(0x90, 0, 5, new byte[11]).bytes(),
        RawFrame.call(3, "a/b", new byte[5]).bytes()));
    List<String> whole = read(all, new int[0]);
    assertThat(whole).hasSize(4);
    for (int cut = 0; cut <= all.length; cut++) {
      assertThat(read(all, new int[] {cut})).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void whatFollowsTheLastWantedFrameIsLeftAlone() {
    Log log = new Log();
    FrameReader reader = new FrameReader(log);
    log.enoughAt = 2;
    ByteBuffer in = ByteBuffer.wrap(FrameText.join(List.of(
        RawFrame.ping(1).bytes(), RawFrame.ping(2).bytes(), RawFrame.ping(3).bytes())));
    reader.read(in, 0);
    assertThat(log.done()).hasSize(2);
    assertThat(in.remaining()).isEqualTo(18);
  }

  @Test
  void aBadLengthIsFoundBeforeItsBodyIsThere() {
    for (long length : new long[] {0, 5, 65_543, 1L << 31, 0xFFFF_FFFFL}) {
      FrameReader reader = new FrameReader(new Log());
      byte[] header = RawFrame.ping(0).bytes(length);
      assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(header, 0, 10).slice(), 0))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("a frame of length " + length);
    }
  }

  private static List<String> read(byte[] all, int[] cuts) {
    Log log = new Log();
    FrameReader reader = new FrameReader(log);
    int from = 0;
    for (int cut : cuts) {
      reader.read(ByteBuffer.wrap(all, from, cut - from), 0);
      from = cut;
    }
    reader.read(ByteBuffer.wrap(all, from, all.length - from), 0);
    return log.done();
  }

  /** Frames as text; fragments put together. */
  private static final class Log implements FrameReader.Sink {
    private final List<String> frames = new ArrayList<>();
    private final StringBuilder fragment = new StringBuilder();
    private int missing;
    int enoughAt = Integer.MAX_VALUE;

    List<String> done() {
      assertThat(missing).isZero();
      return frames;
    }

    @Override
    public void frame(int type, int flags, int stream, ByteBuffer body, long now) {
      byte[] bytes = new byte[body.remaining()];
      body.get(bytes);
      frames.add(type + " " + flags + " " + stream + " " + HexFormat.of().formatHex(bytes));
    }

    @Override
    public void fragmentStarts(int stream, int length, long now) {
      assertThat(missing).isZero();
      fragment.append("fragment ").append(stream).append(' ');
      missing = length;
    }

    @Override
    public void fragmentBytes(ByteBuffer in, int length, long now) {
      byte[] bytes = new byte[length];
      in.get(bytes);
      fragment.append(HexFormat.of().formatHex(bytes));
      missing -= length;
      if (missing == 0) {
        frames.add(fragment.toString());
        fragment.setLength(0);
      }
    }

    @Override
    public boolean isOver() {
      return frames.size() >= enoughAt;
    }

    @Override
    public void skipped(int type) {
      frames.add("skipped " + type);
    }
  }
}
