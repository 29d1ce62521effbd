package io.liblink.bench.reference;

import io.liblink.bench.peers.InFlight;
import io.liblink.bench.peers.Pipeline;
import io.liblink.bench.peers.Secrets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Push by hand: items go to the worker with the least in flight, in batches of one TLS record, and
 * are kept until their ACK came. Credit is fixed; each ACK gives one back.
 */
public final class ReferencePipeline implements Pipeline {
  @Override
  public Workers workers(List<Consumer<byte[]>> functions, int credit, Secrets secrets)
      throws Exception {
    EventLoopGroup loops = ReferenceLoops.start();
    List<Channel> listeners = new ArrayList<>();
    for (Consumer<byte[]> function : functions) {
      listeners.add(ReferenceTcp.listen(loops, secrets, () -> new Worker(function)));
    }
    return new Workers() {
      @Override
      public String address() {
        return String.join(",", listeners.stream().map(ReferenceTcp::address).toList());
      }

      @Override
      public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        ReferenceLoops.stop(loops);
      }
    };
  }

  @Override
  public Producer producer(String address, int credit, Secrets secrets, Receipts receipts)
      throws Exception {
    SslContext tls = ReferenceTls.client(secrets);
    EventLoopGroup loops = ReferenceLoops.start();
    String[] workers = address.split(",");
    InFlight inFlight = new InFlight(workers.length);
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < workers.length; i++) {
      Lane lane = new Lane(i, credit, inFlight, receipts);
      ReferenceTcp.dial(loops, tls, workers[i], lane);
      lanes.add(lane);
    }
    return new LeastInFlight(lanes, inFlight);
  }

  private record LeastInFlight(List<Lane> lanes, InFlight inFlight) implements Producer {
    @Override
    public void push(byte[] item) throws ClosedChannelException {
      lanes.get(inFlight.take()).push(item);
    }

    @Override
    public void flush() throws ClosedChannelException {
      for (Lane lane : lanes) {
        lane.flush();
      }
    }
  }

  /** The worker's end: its function runs on the event loop. */
  private static final class Worker extends ItemConnection {
    private final Consumer<byte[]> function;

    Worker(Consumer<byte[]> function) {
      this.function = function;
    }

    @Override
    public void opened(int stream, byte kind) {}

    @Override
    public void message(int stream, long sequence, byte[] payload) {
      function.accept(payload);
      Items.ack(writer, stream, sequence);
    }

    @Override
    @SuppressWarnings("SystemOut")
    protected void failed(Throwable cause) {
      System.err.println("a producer is gone: " + cause);
    }
  }

  /**
   * The producer's end of a link. {@link #push} and {@link #flush} belong to the pushing thread, the
   * rest to the event loop. A place in the ring is written before its batch is handed over, and
   * again only after its ACK was counted.
   */
  private static final class Lane extends ItemConnection {
    private final int worker;
    private final InFlight inFlight;
    private final Receipts receipts;
    private final byte[] @Nullable [] unsettled;
    private Batch batch = new Batch();
    private long sequence;
    private int settled;

    Lane(int worker, int credit, InFlight inFlight, Receipts receipts) {
      this.worker = worker;
      this.inFlight = inFlight;
      this.receipts = receipts;
      this.unsettled = new byte[Integer.highestOneBit(credit) * 2][];
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      super.handlerAdded(context);
      sender = new BatchSender(context, Items.STREAM);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      Items.open(writer, Items.PUSH);
      writer.flush();
    }

    void push(byte[] item) throws ClosedChannelException {
      if (!batch.hasRoomFor(item)) {
        flush();
      }
      long number = ++sequence;
      unsettled[place(number)] = item;
      batch.add(number, item);
    }

    void flush() throws ClosedChannelException {
      BatchSender s = sender;
      if (s != null && !batch.isEmpty()) {
        s.offer(batch);
        batch = new Batch();
      }
    }

    private int place(long number) {
      return (int) number & (unsettled.length - 1);
    }

    @Override
    public void acknowledged(long number) {
      int place = place(number);
      if (unsettled[place] == null) {
        throw new IllegalStateException("an ACK of " + number + ", which is not in flight");
      }
      unsettled[place] = null;
      settled++;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      super.channelReadComplete(context);
      if (settled > 0) {
        inFlight.done(worker, settled);
        receipts.settled(settled);
        settled = 0;
      }
    }

    @Override
    protected void failed(Throwable cause) {
      receipts.failed(cause);
    }
  }
}
