package io.liblink.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Streams by number: open addressing with linear probing in Robin Hood order (Celis, 1986). Numbers
 * are handed out in order, so they fill the table like a ring and hardly ever collide. Starts small, because an idle link has none;
 * grows with the streams open at once, which the session bounds.
 */
final class StreamTable {
  private static final int FIRST_SIZE = 16;

  private @Nullable Stream[] slots = new Stream[FIRST_SIZE];
  private int size;

  int size() {
    return size;
  }

  @Nullable
  Stream get(int id) {
    int mask = slots.length - 1;
    for (int i = index(id, mask); ; i = (i + 1) & mask) {
      Stream s = slots[i];
      if (s == null || s.id == id) {
        return s;
      }
    }
  }

  /** The stream's number must not be in the table. */
  void add(Stream stream) {
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    place(slots, stream);
    size++;
  }

  /** Takes it out; the stream's number is still set. */
  void remove(Stream stream) {
    int mask = slots.length - 1;
    int hole = index(stream.id, mask);
    while (slots[hole] != stream) {
      if (slots[hole] == null) {
        return;
      }
      hole = (hole + 1) & mask;
    }
    size--;
    // Close the gap: those behind move up by one, until one is at home or nobody is there.
    int next = (hole + 1) & mask;
    Stream s = slots[next];
    while (s != null && index(s.id, mask) != next) {
      slots[hole] = s;
      hole = next;
      next = (next + 1) & mask;
      s = slots[next];
    }
    slots[hole] = null;
  }

  /** A copy of all that is in it, for loops that change it. */
  List<Stream> all() {
    List<Stream> list = new ArrayList<>(size);
    for (Stream s : slots) {
      if (s != null) {
        list.add(s);
      }
    }
    return list;
  }

  private void grow() {
    @Nullable Stream[] larger = new Stream[slots.length * 2];
    for (Stream s : slots) {
      if (s != null) {
        place(larger, s);
      }
    }
    slots = larger;
  }

  /** Whoever is nearer to home gives way, so that the others behind a gap can simply move up. */
  private static void place(@Nullable Stream[] slots, Stream stream) {
    int mask = slots.length - 1;
    Stream moving = stream;
    int i = index(moving.id, mask);
    int distance = 0;
    while (true) {
      Stream there = slots[i];
      if (there == null) {
        slots[i] = moving;
        return;
      }
      int its = (i - index(there.id, mask)) & mask;
      if (its < distance) {
        slots[i] = moving;
        moving = there;
        distance = its;
      }
      i = (i + 1) & mask;
      distance++;
    }
  }

  private static int index(int id, int mask) {
    return (id >>> 1) & mask;
  }
}
