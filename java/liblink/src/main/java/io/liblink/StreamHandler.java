package io.liblink;

/** The user's code behind a method that answers with any number of items. */
@FunctionalInterface
public interface StreamHandler<I> {
  /**
   * Answers by sending items; returning ends the stream, throwing ends it with a failure.
   *
   * @throws Exception as with {@link Handler#handle}
   */
  void handle(I input, ReplySink sink) throws Exception;
}
