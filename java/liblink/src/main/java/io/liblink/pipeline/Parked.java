package io.liblink.pipeline;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of an item that is only on disk: found again when the item is read, unless nobody has
 * it any more. So what is on disk costs no memory, but for the receipts that users keep.
 */
final class Parked extends WeakReference<PushedItem> {
  final long number;

  /** Something depends on it: it must not be forgotten although nobody holds the receipt. */
  @SuppressWarnings("unused") // holds it
  private volatile @Nullable PushedItem pinned;

  Parked(PushedItem item, ReferenceQueue<PushedItem> forgotten) {
    super(item, forgotten);
    this.number = item.number;
  }

  void pin(PushedItem item) {
    pinned = item;
  }
}
