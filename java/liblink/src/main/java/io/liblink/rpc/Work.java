package io.liblink.rpc;

/** What a method does, as the roof makes it of handlers, codecs and interceptors. */
@FunctionalInterface
public interface Work {
  /**
   * Does it, and calls {@link ServerCall#reply} or {@link ServerCall#fail} once, now or later. What
   * is thrown becomes the failure.
   */
  void run(ServerCall call) throws Exception;
}
