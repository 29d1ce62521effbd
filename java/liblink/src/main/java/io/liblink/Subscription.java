package io.liblink;

import io.liblink.delivery.PublisherState;
import io.liblink.status.LinkException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The receiving end of one or more topics, at all their publishers. Thread-safe. */
public interface Subscription extends AutoCloseable {
  /** Everybody who is, or should be, joined now. */
  List<PublisherState> publishers();

  /** Messages handed to the handler so far. */
  long received();

  /** Messages that publishers said will not come. */
  long missed();

  /** Why a publisher ended this for good, the last one that did; null while none has. */
  @Nullable
  LinkException failure();

  /**
   * Unsubscribes; what was received and not handled yet is dropped. The handler is not run again once
   * this has returned, except for a run that is going on. Never blocks. Idempotent.
   */
  @Override
  void close();
}
