package io.liblink;

/**
 * The user's code behind a method, in terms of values: {@code byte[]}, {@code String}, or a type
 * that the codec reads and writes. What it may do is said at {@link Handler}.
 */
@FunctionalInterface
public interface TypedHandler<I, O> {
  /**
   * Answers; {@link Request#current()} has the headers, the caller and the deadline. Null is the empty
   * message.
   *
   * @throws Exception as with {@link Handler#handle}
   */
  O handle(I input) throws Exception;
}
