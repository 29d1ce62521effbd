package io.liblink;

import io.liblink.message.Message;
import io.liblink.registry.Instance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A service to call. Immutable and thread-safe: {@code where}, {@code timeout} and the like return a
 * changed handle. Cheap to make and to keep.
 */
public final class RemoteService {
  RemoteService() {}

  /** The name of the service. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** Only instances whose metadata satisfies the selector, for example {@code zone == "eu"}. */
  public RemoteService where(String selector) {
    throw new UnsupportedOperationException();
  }

  /** Only the instance with that id (or its first digits), or on the node of that name. */
  public RemoteService to(String instance) {
    throw new UnsupportedOperationException();
  }

  /** The deadline of calls through this handle, from their start. */
  public RemoteService timeout(Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /** A header on every call through this handle. */
  public RemoteService header(String key, String value) {
    throw new UnsupportedOperationException();
  }

  /** Calls through this handle may be repeated even when the handler may have run. */
  public RemoteService idempotent() {
    throw new UnsupportedOperationException();
  }

  /** Calls and waits. The value may be {@code byte[]}, {@code String}, Message, or for the codec. */
  public <R> R call(String method, Object input, Class<R> output) {
    throw new UnsupportedOperationException();
  }

  /** Calls and waits, in terms of messages. */
  public Message call(String method, Message request) {
    throw new UnsupportedOperationException();
  }

  /** Calls; cancelling the future cancels the work. Dependents run on an event loop. */
  public <R> CompletableFuture<R> callAsync(String method, Object input, Class<R> output) {
    throw new UnsupportedOperationException();
  }

  /** Calls, in terms of messages. */
  public CompletableFuture<Message> callAsync(String method, Message request) {
    throw new UnsupportedOperationException();
  }

  /** Calls a method that answers with a stream. */
  public <R> ReplyStream<R> stream(String method, Object input, Class<R> output) {
    throw new UnsupportedOperationException();
  }

  /** Asks every ready instance that the handle selects; returns when all answered or time is over. */
  public <R> List<Answer<R>> survey(String method, Object input, Class<R> output) {
    throw new UnsupportedOperationException();
  }

  /** An object whose methods call the methods of this service. */
  public <T> T proxy(Class<T> type) {
    throw new UnsupportedOperationException();
  }

  /** What discovery knows: every instance that the handle selects, ready or not. */
  public List<Instance> instances() {
    throw new UnsupportedOperationException();
  }

  /** Waits until at least that many selected instances are ready. Bounded by the timeout. */
  public void awaitReady(int count, Duration timeout) {
    throw new UnsupportedOperationException();
  }
}
