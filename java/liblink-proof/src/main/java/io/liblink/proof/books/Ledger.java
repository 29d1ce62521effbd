package io.liblink.proof.books;

import io.liblink.delivery.ItemId;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file to which one process adds entries, each with one write to the system: what {@link #write} returned from
 * is there whatever becomes of the process, as long as the machine runs. Thread-safe.
 */
public final class Ledger implements AutoCloseable {
  private static final int SIZE = 40;

  /**
   * What happened to an item.
   *
   * @param value what the item says: a number that its maker gives to no other
   * @param item the id under which the library knows it
   * @param attempt of the delivery, from 1
   * @param before the attempt of the stage before, where there is one; else 1
   */
  public record Entry(long value, ItemId item, int attempt, int before) {
    /** Whether the worker was told that it may not be the first. */
    public boolean isMarked() {
      return attempt > 1 || before > 1;
    }
  }

  private final FileOutputStream out; // unlike a channel it survives an interrupt

  /** Opens one, empty or to go on. */
  public Ledger(Path file) throws IOException {
    this.out = new FileOutputStream(file.toFile(), true);
  }

  /** Adds an entry. */
  public void write(Entry e) throws IOException {
    String producer = e.item().producer();
    byte[] line = ByteBuffer.allocate(SIZE)
        .putLong(e.value())
        .putLong(Long.parseUnsignedLong(producer.substring(0, 16), 16))
        .putLong(Long.parseUnsignedLong(producer.substring(16), 16))
        .putLong(e.item().number())
        .putInt(e.attempt())
        .putInt(e.before())
        .array();
    synchronized (this) {
      out.write(line);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  /**
   * Reads all whole entries of a file. One that is cut short at its end was being written when its writer was
   * killed, and is passed over. A file that is not there has none.
   */
  public static void read(Path file, Consumer<Entry> reader) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    long entries = Files.size(file) / SIZE;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (long i = 0; i < entries; i++) {
        long value = in.readLong();
        String producer = hex(in.readLong()) + hex(in.readLong());
        reader.accept(
            new Entry(value, new ItemId(producer, in.readLong()), in.readInt(), in.readInt()));
      }
    }
  }

  private static String hex(long half) {
    String digits = Long.toHexString(half);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
