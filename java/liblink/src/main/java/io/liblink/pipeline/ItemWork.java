package io.liblink.pipeline;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a queue does with an item, as the roof makes it of users' code and the codecs. */
@FunctionalInterface
public interface ItemWork {
  /**
   * Does it.
   *
   * @return null when it is done; otherwise completes when it is
   * @throws Exception to reject the item
   */
  @Nullable
  CompletionStage<?> run(Received item) throws Exception;
}
