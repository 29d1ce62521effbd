package io.liblink.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is unsettled on one stream, by item number: open addressing with linear probing, so that an
 * item costs no allocation. Numbers are from 1. Not thread-safe: belongs to the event loop.
 */
final class ByNumber<T> {
  private static final int FIRST = 16;

  private long[] numbers = new long[FIRST];
  private @Nullable Object[] values = new Object[FIRST];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds; the number must not be there. */
  void put(long number, T value) {
    if (2 * (size + 1) > numbers.length) {
      grow();
    }
    int at = home(number);
    while (numbers[at] != 0) {
      at = (at + 1) & (numbers.length - 1);
    }
    numbers[at] = number;
    values[at] = value;
    size++;
  }

  boolean contains(long number) {
    return find(number) >= 0;
  }

  /** Takes out; null when it is not there. */
  @Nullable
  T remove(long number) {
    int at = find(number);
    if (at < 0) {
      return null;
    }
    T value = value(at);
    size--;
    // Those behind it move up, so that no gap cuts off who was pushed aside by it (Knuth, 6.4 R).
    int gap = at;
    int next = at;
    while (true) {
      next = (next + 1) & (numbers.length - 1);
      if (numbers[next] == 0) {
        break;
      }
      int home = home(numbers[next]);
      boolean stays = gap <= next ? gap < home && home <= next : gap < home || home <= next;
      if (!stays) {
        numbers[gap] = numbers[next];
        values[gap] = values[next];
        gap = next;
      }
    }
    numbers[gap] = 0;
    values[gap] = null;
    return value;
  }

  /** All, in no order; a copy. */
  List<T> all() {
    List<T> all = new ArrayList<>(size);
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != 0) {
        all.add(value(i));
      }
    }
    return all;
  }

  void clear() {
    numbers = new long[FIRST];
    values = new Object[FIRST];
    size = 0;
  }

  @SuppressWarnings("unchecked")
  private T value(int at) {
    return (T) java.util.Objects.requireNonNull(values[at]);
  }

  private int find(long number) {
    int at = home(number);
    while (numbers[at] != 0) {
      if (numbers[at] == number) {
        return at;
      }
      at = (at + 1) & (numbers.length - 1);
    }
    return -1;
  }

  private int home(long number) {
    long mixed = number * 0x9E37_79B9_7F4A_7C15L; // golden ratio (Knuth): neighbours are spread
    return (int) (mixed >>> 32) & (numbers.length - 1);
  }

  private void grow() {
    long[] oldNumbers = numbers;
    Object[] oldValues = values;
    numbers = new long[2 * oldNumbers.length];
    values = new Object[2 * oldNumbers.length];
    size = 0;
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] != 0) {
        put(oldNumbers[i], cast(oldValues[i]));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private T cast(@Nullable Object value) {
    return (T) java.util.Objects.requireNonNull(value);
  }
}
