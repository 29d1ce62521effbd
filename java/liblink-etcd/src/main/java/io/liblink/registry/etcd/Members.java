package io.liblink.registry.etcd;

import io.liblink.message.Address;
import java.util.List;

/**
 * The members of etcd that are known, and which of them is asked now. Everybody in a node asks the
 * same one until it fails; nodes begin with different ones. Thread-safe.
 */
final class Members {
  private final List<Address> all;

  /** Guarded by this. */
  private int current;

  /**
   * Begins with any of them.
   *
   * @param random from 0 to 1
   */
  Members(List<Address> all, double random) {
    this.all = List.copyOf(all);
    this.current = Math.min((int) (random * all.size()), all.size() - 1);
  }

  synchronized Address now() {
    return all.get(current);
  }

  /** That one failed: the next is asked from now on, unless somebody else moved on before. */
  synchronized void failed(Address member) {
    if (all.get(current).equals(member)) {
      current = (current + 1) % all.size();
    }
  }

  int size() {
    return all.size();
  }
}
