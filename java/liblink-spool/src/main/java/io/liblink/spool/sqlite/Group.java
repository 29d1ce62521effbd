package io.liblink.spool.sqlite;

import java.util.List;

/**
 * What goes to disk together, in one transaction; both empty when there is only time to tidy up.
 *
 * @param appends in the order of their numbers to be
 * @param removals what is settled; belongs to the inbox, which answers {@code isRemoved} from it
 * @param careful whether removing failed before: little of it, and with an empty log
 * @param giveBack whether free space is to be given back now
 */
record Group(List<Append> appends, Ranges removals, boolean careful, boolean giveBack) {
  boolean isEmpty() {
    return appends.isEmpty() && removals.isEmpty();
  }

  long bytes() {
    long sum = 0;
    for (Append append : appends) {
      sum += append.bytes();
    }
    return sum;
  }

  int items() {
    int sum = 0;
    for (Append append : appends) {
      sum += append.items().size();
    }
    return sum;
  }
}
