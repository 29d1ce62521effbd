package io.liblink.cli.demo;

import io.liblink.Item;
import io.liblink.ItemWorker;
import io.liblink.Service;
import io.liblink.cli.demo.Shop.Parcel;
import io.liblink.delivery.QueueOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** The last stage of the work: takes packed parcels, and keeps count of them. Thread-safe. */
final class Depot {
  /** What is known of one parcel. */
  private record Seen(int copies, boolean marked) {
    Seen and(Seen other) {
      return new Seen(copies + other.copies, marked || other.marked);
    }
  }

  private final Map<Integer, Seen> parcels = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> packedBy = new ConcurrentSkipListMap<>();

  /** The service, with the queue 'ship'. */
  Service service() {
    return Service.named("shipping")
        .queue("ship", Parcel.class, QueueOptions.defaults(), (ItemWorker<Parcel>) this::take);
  }

  private void take(Parcel parcel, Item item) {
    boolean marked = parcel.attempt() > 1 || item.attempt() > 1;
    parcels.merge(parcel.number(), new Seen(1, marked), Seen::and);
    packedBy.computeIfAbsent(parcel.packedBy(), n -> new LongAdder()).increment();
  }

  /** Different parcels that arrived. */
  int arrived() {
    return parcels.size();
  }

  /** Parcels that arrived more than once. */
  long twice() {
    return parcels.values().stream().filter(s -> s.copies() > 1).count();
  }

  /** Those of them of which no copy said that it may be a repeat. */
  long unmarked() {
    return parcels.values().stream().filter(s -> s.copies() > 1 && !s.marked()).count();
  }

  long packedBy(String node) {
    LongAdder count = packedBy.get(node);
    return count == null ? 0 : count.sum();
  }
}
