package io.liblink;

/** A service to serve: its name, metadata and methods. Not thread-safe; finished by serving it. */
public final class Service {
  private Service() {}

  /** Starts a service of that name. */
  public static Service named(String name) {
    throw new UnsupportedOperationException(name);
  }

  /** The version announced. */
  public Service version(String version) {
    throw new UnsupportedOperationException();
  }

  /** Metadata that selectors look at. */
  public Service meta(String key, String value) {
    throw new UnsupportedOperationException();
  }

  /** A method in terms of messages. */
  public Service method(String name, Handler handler, Trait... traits) {
    throw new UnsupportedOperationException();
  }

  /** A method in terms of values. */
  public <I, O> Service method(
      String name, Class<I> input, TypedHandler<I, O> handler, Trait... traits) {
    throw new UnsupportedOperationException();
  }

  /** A method that answers with a stream of items. */
  public <I> Service stream(
      String name, Class<I> input, StreamHandler<I> handler, Trait... traits) {
    throw new UnsupportedOperationException();
  }

  /** Every method of an interface, answered by an object. */
  public <T> Service methods(Class<T> type, T implementation) {
    throw new UnsupportedOperationException();
  }

  /** An interceptor around every method of this service; the first added is outermost. */
  public Service intercept(Interceptor interceptor) {
    throw new UnsupportedOperationException();
  }

  /** Announced as not ready until {@link Served#ready} says otherwise. */
  public Service notReady() {
    throw new UnsupportedOperationException();
  }
}
