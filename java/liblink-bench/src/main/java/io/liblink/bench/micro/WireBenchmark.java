package io.liblink.bench.micro;

import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.FrameOutput;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Protocol;
import io.liblink.wire.Text;
import io.liblink.wire.Texts;
import io.liblink.wire.TraceContext;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the codec takes for the two frames of a call, in nanoseconds a frame. */
@NullUnmarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WireBenchmark {
  private static final int STREAM = 7;

  /** Payload of a frame. */
  @Param({"64", "1024"})
  public int bytes;

  /** Headers of a frame. */
  @Param({"0", "3"})
  public int headers;

  private final Buffer output = new Buffer();
  private final Texts texts = new Texts();
  private OpenFrame open;
  private CloseFrame close;
  private ByteBuffer openBody;
  private ByteBuffer closeBody;

  /** Makes the frames, and their bodies as they come. */
  @Setup
  public void prepare() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < headers; i++) {
      map.put("header-" + i, "value-" + i);
    }
    Content content = new Content(map, Text.EMPTY, new byte[bytes]);
    open = new OpenFrame(
        OpenFrame.CALL, 1, 5000, TraceContext.start(), -1, Text.of("bench/echo"), content);
    close = CloseFrame.ok(content);
    openBody = body(encodeOpen());
    closeBody = body(encodeClose());
  }

  private static ByteBuffer body(ByteBuffer frame) {
    byte[] all = new byte[frame.position()];
    frame.get(0, all);
    return ByteBuffer.allocateDirect(all.length - Protocol.HEADER_SIZE)
        .put(all, Protocol.HEADER_SIZE, all.length - Protocol.HEADER_SIZE);
  }

  /** Writes an OPEN. */
  @Benchmark
  public ByteBuffer encodeOpen() {
    output.buffer.clear();
    open.encode(STREAM, output);
    return output.buffer;
  }

  /** Writes a CLOSE. */
  @Benchmark
  public ByteBuffer encodeClose() {
    output.buffer.clear();
    close.encode(STREAM, output);
    return output.buffer;
  }

  /** Reads an OPEN. */
  @Benchmark
  public OpenFrame decodeOpen() {
    return OpenFrame.decode(openBody.rewind(), Protocol.FLAG_TRACE, texts);
  }

  /** Reads a CLOSE. */
  @Benchmark
  public CloseFrame decodeClose() {
    return CloseFrame.decode(closeBody.rewind(), 0, texts);
  }

  private static final class Buffer implements FrameOutput {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

    @Override
    public ByteBuffer reserve(int size) {
      return buffer;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      buffer.put(source, offset, length);
    }
  }
}
