package io.liblink.bench.reference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a frame of the reference costs without TLS and sockets, in nanoseconds a frame. */
@NullUnmarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FramingBenchmark {
  private static final int FRAMES = 64;

  /** Payload of a frame. */
  @Param({"64", "1024"})
  public int bytes;

  private byte[] payload;
  private ByteBuf opens;
  private EmbeddedChannel channel;
  private FrameWriter writer;

  /** Writes the frames to read, and opens a channel that takes those that are written. */
  @Setup
  public void prepare() {
    payload = new byte[bytes];
    opens = Unpooled.directBuffer();
    channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
      @Override
      public void handlerAdded(ChannelHandlerContext context) {
        writer = new FrameWriter(context);
      }
    });
    writeFrames();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      opens.writeBytes(out);
      out.release();
    }
  }

  /** Finds the frames and copies their payloads out. */
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public void read(Blackhole sink) {
    FrameReader reader = new FrameReader((type, stream, bytes) -> sink.consume(bytes));
    reader.read(opens);
    opens.readerIndex(0);
  }

  /** Writes frames into buffers of the size of a TLS record. */
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public void write() {
    writeFrames();
    for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      ReferenceCountUtil.release(out);
    }
  }

  private void writeFrames() {
    for (int i = 0; i < FRAMES; i++) {
      writer.open(i * 2 + 1, payload);
    }
    writer.flush();
  }
}
