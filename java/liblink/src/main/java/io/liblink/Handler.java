package io.liblink;

import io.liblink.message.Message;

/** The user's code behind a method, in terms of messages. May block and may throw. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers a request. Runs on a virtual thread where the JVM has them, on a thread of a bounded
   * pool otherwise, which it may share with other short calls; on the event loop when the method is
   * {@link Trait#NON_BLOCKING}. It is interrupted when nobody waits for the answer any more.
   *
   * @throws io.liblink.status.LinkException to answer with a status of its choice
   * @throws Exception anything else arrives as UNKNOWN, without its text
   */
  Message handle(Request request) throws Exception;
}
