package io.liblink.bench.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * NATS core publish-subscribe through a {@link NatsBroker}, a connection for each link. Broker and
 * client drop what a slow subscriber does not take, so each subscriber tells every 1,024 messages
 * how many it has, and the publisher is at most 16,384 ahead of the slowest.
 */
final class NatsPubSub implements PubSub {
  private static final String SUBJECT = "bench.topic";
  private static final String PROGRESS = "bench.progress";
  private static final int TELL_EVERY = 1024;
  private static final int MOST_AHEAD = 16_384;
  private static final int MOST_LINKS = 1024;

  @Override
  public Publisher publisher(Secrets secrets) throws Exception {
    NatsBroker broker = NatsBroker.start(secrets);
    return new Ahead(broker, NatsBroker.connect(broker.address(), secrets.jdkContext("server")));
  }

  @Override
  public Subscriber subscriber(String address, Secrets secrets) throws Exception {
    SSLContext tls = secrets.jdkContext("client");
    AtomicInteger links = new AtomicInteger();
    return sink -> {
      int link = links.getAndIncrement();
      Connection connection = NatsBroker.connect(address, tls);
      AtomicInteger received = new AtomicInteger();
      Dispatcher dispatcher = connection.createDispatcher(message -> {
        sink.arrived(message.getData());
        int count = received.incrementAndGet();
        if (count % TELL_EVERY == 0) {
          tell(connection, link, count);
        }
      });
      dispatcher.subscribe(SUBJECT);
      connection.flush(NatsBroker.PATIENCE);
      tell(connection, link, 0);
    };
  }

  private static void tell(Connection connection, int link, int count) {
    connection.publish(
        PROGRESS, ByteBuffer.allocate(8).putInt(link).putInt(count).array());
  }

  private static final class Ahead implements Publisher {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final NatsBroker broker;
    private final Connection connection;
    private final AtomicLongArray progress = new AtomicLongArray(MOST_LINKS);
    private final AtomicInteger links = new AtomicInteger();
    private volatile @Nullable Thread waiting;
    private long published;
    private long knownSlowest;

    Ahead(NatsBroker broker, Connection connection) throws Exception {
      this.broker = broker;
      this.connection = connection;
      Dispatcher dispatcher = connection.createDispatcher(message -> {
        ByteBuffer said = ByteBuffer.wrap(message.getData());
        int link = said.getInt();
        int count = said.getInt();
        progress.set(link, count);
        if (count == 0) {
          links.incrementAndGet();
        }
        LockSupport.unpark(waiting);
      });
      dispatcher.subscribe(PROGRESS);
      connection.flush(NatsBroker.PATIENCE);
    }

    @Override
    public String address() {
      return broker.address();
    }

    @Override
    public List<Long> processes() {
      return List.of(broker.pid());
    }

    @Override
    public void awaitSubscribers(int count) throws TimeoutException {
      long start = System.nanoTime();
      while (links.get() < count) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          throw new TimeoutException("only " + links.get() + " links subscribed");
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }

    @Override
    public void publish(byte[] message) throws TimeoutException {
      if (published - knownSlowest >= MOST_AHEAD) {
        awaitSlowest();
      }
      published++;
      connection.publish(SUBJECT, message);
    }

    private void awaitSlowest() throws TimeoutException {
      waiting = Thread.currentThread();
      long start = System.nanoTime();
      while (published - (knownSlowest = slowest()) >= MOST_AHEAD) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          throw new TimeoutException("the slowest link has " + knownSlowest + " of " + published);
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
      waiting = null;
    }

    private long slowest() {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < links.get(); i++) {
        least = Math.min(least, progress.get(i));
      }
      return least;
    }

    @Override
    public void close() {
      broker.close();
    }
  }
}
