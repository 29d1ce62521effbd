package io.liblink.pipeline;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The bounds of a buffer, and who waits for room in it, in the order in which they came. What would
 * never fit finds room when there is nothing else. Guarded by the producer's lock.
 */
final class Room {
  private static final class Pusher {
    final int items;
    final long bytes;
    final Condition granted;
    boolean in;

    Pusher(int items, long bytes, Condition granted) {
      this.items = items;
      this.bytes = bytes;
      this.granted = granted;
    }
  }

  private final String what;
  private final String option;
  private final Lock lock;
  private final int mostItems;
  private final long mostBytes;
  private final ArrayDeque<Pusher> waiting = new ArrayDeque<>();
  private int items;
  private long bytes;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param what has the room, for people
   * @param option where it is set
   */
  Room(String what, String option, Lock lock, int mostItems, long mostBytes) {
    this.what = what;
    this.option = option;
    this.lock = lock;
    this.mostItems = mostItems;
    this.mostBytes = mostBytes;
  }

  /** Takes room; false when there is none, or others wait for it. */
  boolean take(int moreItems, long moreBytes) {
    if (!waiting.isEmpty() || !fits(moreItems, moreBytes)) {
      return false;
    }
    items += moreItems;
    bytes += moreBytes;
    return true;
  }

  /** Takes room, whether or not there is any. */
  void force(int moreItems, long moreBytes) {
    items += moreItems;
    bytes += moreBytes;
  }

  private boolean fits(int moreItems, long moreBytes) {
    return items == 0 || (items + moreItems <= mostItems && bytes + moreBytes <= mostBytes);
  }

  /**
   * Waits for room and takes it, behind those who came before. Lets go of the lock meanwhile.
   *
   * @return false when it was closed before there was room
   */
  boolean await(int moreItems, long moreBytes) throws InterruptedException {
    Pusher me = new Pusher(moreItems, moreBytes, lock.newCondition());
    waiting.add(me);
    try {
      while (!me.in && !closed) {
        me.granted.await();
      }
    } catch (InterruptedException e) {
      if (!me.in) {
        throw e;
      }
      Thread.currentThread().interrupt(); // there is room: the next wait notices
    } finally {
      if (!me.in) {
        waiting.remove(me);
        admit();
      }
    }
    return me.in;
  }

  /** Gives room back: those who wait for it may come in. */
  void give(int lessItems, long lessBytes) {
    items -= lessItems;
    bytes -= lessBytes;
    admit();
  }

  private void admit() {
    Pusher next = waiting.peek();
    while (next != null && fits(next.items, next.bytes)) {
      waiting.remove();
      items += next.items;
      bytes += next.bytes;
      next.in = true;
      next.granted.signal();
      next = waiting.peek();
    }
  }

  /** Nobody waits any more. */
  void close() {
    closed = true;
    waiting.forEach(p -> p.granted.signal());
  }

  boolean isClosed() {
    return closed;
  }

  int items() {
    return items;
  }

  /** Whether so much of it is free. */
  boolean isHalfEmpty() {
    return 2L * items <= mostItems && 2 * bytes <= mostBytes;
  }

  /** How much is free. */
  int freeItems() {
    return Math.max(0, mostItems - items);
  }

  /** How much is free. */
  long freeBytes() {
    return Math.max(0, mostBytes - bytes);
  }

  /** That it is full, in words. */
  String text() {
    String of = mostItems == Integer.MAX_VALUE ? " items, " : " of " + mostItems + " items, ";
    return what + " is full: " + items + of + bytes + " of " + mostBytes + " bytes (" + option
        + ")";
  }
}
