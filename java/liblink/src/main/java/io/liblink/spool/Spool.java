package io.liblink.spool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Items on disk that were accepted and are not settled yet, in the order in which they were accepted.
 * Numbered from 1, never twice; the number and {@link #id} together are the id of an item, for as long
 * as the spool exists. Thread-safe. One process has a spool open at a time.
 */
public interface Spool extends AutoCloseable {
  /**
   * An item as it was appended.
   *
   * @param number its place in the order, from 1
   * @param item not to be written to
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over without a copy; equality is not used
  record Entry(long number, byte[] item) {}

  /** 32 lower-case hex digits, random, made with the spool and kept in it. */
  String id();

  /**
   * Keeps items, in this order, with numbers that follow each other. Does not block for the disk.
   *
   * @return the number of the first, once all of them are on disk: synced, together with what others
   *     append within the sync interval. Fails with a {@link io.liblink.status.LinkException}: {@code
   *     RESOURCE_EXHAUSTED} when the spool or the disk is full, {@code UNAVAILABLE} when the disk fails;
   *     then none of them is kept, and none was before: all or nothing
   */
  CompletableFuture<Long> append(List<byte[]> items);

  /**
   * Items that are kept, with numbers above {@code after}, the lowest first. Blocks for the disk.
   *
   * @param most how many at most
   * @param mostBytes how many bytes about; at least one item is returned when there is one
   */
  List<Entry> read(long after, int most, long mostBytes);

  /**
   * The item is settled and need not be kept. Never waits for the disk. A crash soon after may bring it
   * back: the item is then sent twice, not lost.
   */
  void remove(long number);

  /** How many items are kept now. */
  long items();

  /** Their bytes. */
  long bytes();

  /** Waits until what was appended and removed is on disk. Idempotent. */
  @Override
  void close();
}
