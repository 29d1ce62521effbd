package io.liblink.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Something to measure. Server and client are made in different processes. A server answers a
 * request with {@link Echo#answer}, so that no peer pays for dispatch that another does not.
 */
public interface Peer {
  /**
   * Starts serving on loopback.
   *
   * @throws Exception when it can't here; the bench leaves the peer out and shows the text
   */
  Server serve(Secrets secrets) throws Exception;

  /** Prepares a client of a server's address. */
  Dialer dialer(String address, Secrets secrets) throws Exception;

  /**
   * Prepares a client that opens many connections, where {@link #dialer} has more to a connection
   * than a connection.
   */
  default Dialer manyDialer(String address, Secrets secrets) throws Exception {
    return dialer(address, secrets);
  }

  /** A server that runs. */
  interface Server extends AutoCloseable {
    /** What {@link Peer#dialer} needs. */
    String address();

    /** Processes besides the JVM that are part of the serving side, a broker for example. */
    default List<Long> processes() {
      return List.of();
    }

    @Override
    void close() throws IOException;
  }

  /** What connections of one client share: threads, keys. Lives as long as its process. */
  @FunctionalInterface
  interface Dialer {
    /** Connects and proves who both are. */
    Link connect() throws Exception;
  }

  /** One connection. Thread-safe. */
  interface Link extends AutoCloseable {
    /** Calls; {@code reply} hears of it once, on a thread of the peer. */
    void call(byte[] request, Reply reply);

    /** Calls and waits, the way that the peer offers. */
    default byte[] call(byte[] request) throws Exception {
      CompletableFuture<byte[]> future = new CompletableFuture<>();
      call(request, new Reply() {
        @Override
        public void arrived(byte[] payload) {
          future.complete(payload);
        }

        @Override
        public void failed(Throwable cause) {
          future.completeExceptionally(cause);
        }
      });
      return future.get();
    }

    @Override
    void close() throws IOException;
  }

  /** Where the outcome of a call goes. */
  interface Reply {
    /** It was answered. */
    void arrived(byte[] payload);

    /** It was not. */
    void failed(Throwable cause);
  }
}
