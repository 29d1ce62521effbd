package io.liblink.proof.books;

import io.liblink.delivery.ItemId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What was delivered, of items whose values are 0 to a number known. Not thread-safe. */
public final class Deliveries {
  private static final int SHOWN = 5;
  private static final int NUMBER_BITS = 40;

  private final int[] times;
  private final int[] unmarked;
  private final long[] numbers;
  private final int[] producers;
  private final Map<String, Integer> producerNumbers = new HashMap<>();
  private final boolean oneIdEach;
  private long all;
  private long marked;
  private int mostAttempts;
  private long otherIds;

  /**
   * None yet.
   *
   * @param values how many values there are
   * @param oneIdEach whether every delivery of a value must come under the same item id
   */
  public Deliveries(int values, boolean oneIdEach) {
    this.times = new int[values];
    this.unmarked = new int[values];
    this.numbers = new long[values];
    this.producers = new int[values];
    this.oneIdEach = oneIdEach;
  }

  /** Counts one. */
  public void add(Ledger.Entry e) {
    int value = Math.toIntExact(e.value());
    all++;
    mostAttempts = Math.max(mostAttempts, e.attempt());
    if (e.isMarked()) {
      marked++;
    } else {
      unmarked[value]++;
    }
    ItemId item = e.item();
    int producer =
        producerNumbers.computeIfAbsent(item.producer(), k -> producerNumbers.size() + 1);
    if (times[value]++ == 0) {
      numbers[value] = item.number();
      producers[value] = producer;
    } else if (numbers[value] != item.number() || producers[value] != producer) {
      otherIds++;
    }
  }

  /** How many deliveries there were. */
  public long all() {
    return all;
  }

  /** How many values were delivered at least once. */
  public long distinct() {
    long n = 0;
    for (int t : times) {
      n += t > 0 ? 1 : 0;
    }
    return n;
  }

  /** Whether that value was delivered. */
  public boolean has(int value) {
    return times[value] > 0;
  }

  /** Whether that value was delivered, the first time under that id. */
  public boolean hasAs(int value, ItemId item) {
    return has(value)
        && numbers[value] == item.number()
        && producerNumbers.getOrDefault(item.producer(), 0) == producers[value];
  }

  /** How many deliveries were marked as possible repeats. */
  public long marked() {
    return marked;
  }

  /** The highest attempt number. */
  public int mostAttempts() {
    return mostAttempts;
  }

  /** How many values were delivered more than once without a mark on all but one of the deliveries. */
  public long unmarkedRepeats() {
    long n = 0;
    for (int u : unmarked) {
      n += u > 1 ? 1 : 0;
    }
    return n;
  }

  /** How many deliveries came under another item id than the first of the same value. */
  public long otherIds() {
    return otherIds;
  }

  /** How many item ids were given to more than one value. */
  public long sharedIds() {
    long[] ids = new long[times.length];
    int n = 0;
    for (int v = 0; v < times.length; v++) {
      if (times[v] > 0) {
        ids[n++] = ((long) producers[v] << NUMBER_BITS) | numbers[v];
      }
    }
    Arrays.sort(ids, 0, n);
    long shared = 0;
    for (int i = 1; i < n; i++) {
      shared += ids[i] == ids[i - 1] ? 1 : 0;
    }
    return shared;
  }

  /** Counts what was found, under {@code what}, and says what of it breaks the promise. */
  public void judge(Findings findings, String what) {
    findings.count(what + ": deliveries", all);
    findings.count(what + ": different items", distinct());
    findings.count(what + ": duplicates", all - distinct());
    findings.count(what + ": deliveries marked as repeats", marked);
    findings.count(what + ": highest attempt", mostAttempts);
    findings.count(what + ": duplicates without a mark", unmarkedRepeats());
    findings.must(unmarkedRepeats() == 0, "every duplicate is marked at " + what + repeats());
    if (oneIdEach) {
      findings.count(what + ": duplicates under another item id", otherIds);
      findings.must(otherIds == 0, "every item keeps its id at " + what);
      findings.must(sharedIds() == 0, "no two items have the same id at " + what);
    }
  }

  private String repeats() {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (int v = 0; v < times.length && shown < SHOWN; v++) {
      if (unmarked[v] > 1) {
        text.append(shown++ == 0 ? ": item " : ", ")
            .append(v)
            .append(" came ")
            .append(times[v])
            .append(" times, ")
            .append(unmarked[v])
            .append(" without");
      }
    }
    return text.toString();
  }
}
