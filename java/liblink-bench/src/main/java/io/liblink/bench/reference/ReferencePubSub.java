package io.liblink.bench.reference;

import io.liblink.bench.peers.PubSub;
import io.liblink.bench.peers.Secrets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fan-out by hand: a message is encoded once into a batch of one TLS record; each connection copies
 * the batch, fills in its stream and sends it while its channel is writable.
 */
public final class ReferencePubSub implements PubSub {
  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    return new FanOut(secrets);
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    SslContext tls = ReferenceTls.client(secrets);
    EventLoopGroup loops = ReferenceLoops.start();
    return sink -> ReferenceTcp.dial(loops, tls, address, new Subscription(sink));
  }

  private static final class FanOut implements Publisher {
    private final EventLoopGroup loops = ReferenceLoops.start();
    private final Channel listener;
    private final List<BatchSender> subscribers = new CopyOnWriteArrayList<>();
    private final Semaphore subscribed = new Semaphore(0);
    private Batch batch = new Batch();
    private long sequence;

    FanOut(Secrets secrets) throws Exception {
      listener = ReferenceTcp.listen(loops, secrets, Subscribed::new);
    }

    @Override
    public String address() {
      return ReferenceTcp.address(listener);
    }

    @Override
    public void awaitSubscribers(int count) throws InterruptedException, TimeoutException {
      if (!subscribed.tryAcquire(count, 30, TimeUnit.SECONDS)) {
        throw new TimeoutException("only " + subscribers.size() + " links subscribed");
      }
      subscribed.release(count);
    }

    @Override
    public void publish(byte[] message) throws ClosedChannelException {
      if (!batch.hasRoomFor(message)) {
        flush();
      }
      batch.add(++sequence, message);
    }

    @Override
    public void flush() throws ClosedChannelException {
      if (!batch.isEmpty()) {
        for (BatchSender subscriber : subscribers) {
          subscriber.offer(batch);
        }
        batch = new Batch();
      }
    }

    @Override
    public void close() {
      listener.close().awaitUninterruptibly();
      ReferenceLoops.stop(loops);
    }

    /** The publisher's end of a link. */
    private final class Subscribed extends ItemConnection {
      @SuppressWarnings("NullAway.Init") // set before anything can arrive
      private ChannelHandlerContext context;

      @Override
      public void handlerAdded(ChannelHandlerContext c) {
        super.handlerAdded(c);
        context = c;
      }

      @Override
      public void opened(int stream, byte kind) {
        BatchSender s = new BatchSender(context, stream);
        sender = s;
        subscribers.add(s);
        subscribed.release();
      }

      @Override
      protected void failed(Throwable cause) {} // the sender refuses the next batch
    }
  }

  /** The subscriber's end of a link. Asks as soon as the handshake is over. */
  private static final class Subscription extends ItemConnection {
    private final Sink sink;

    Subscription(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      Items.open(writer, Items.SUBSCRIBE);
      writer.flush();
    }

    @Override
    public void message(int stream, long sequence, byte[] payload) {
      sink.arrived(payload);
    }

    @Override
    protected void failed(Throwable cause) {
      sink.failed(cause);
    }
  }
}
