package io.liblink.spool.sqlite;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider.Settings;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A spool that is open: the way in for callers. {@link #items()} and {@link #bytes()} count what is
 * in the store: they follow {@link #remove} within the sync interval.
 */
final class SqliteSpool implements Spool {
  private static final System.Logger LOG = System.getLogger(SqliteSpool.class.getName());

  private final Home home;
  private final Store store;
  private final Inbox inbox;
  private final ReentrantLock disk = new ReentrantLock(true);
  private final Thread writer;

  /** Set before the writer closes the store. */
  private volatile boolean closed;

  SqliteSpool(Home home, Store store, Mark mark, Settings settings) {
    this.home = home;
    this.store = store;
    this.inbox = new Inbox(
        home.directory(),
        settings.mostBytes(),
        settings.syncEvery().toNanos(),
        settings.time(),
        store.totals());
    this.writer = new Thread(
        new Writer(home, store, mark, inbox, disk),
        "liblink-spool-" + home.directory().getFileName());
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  public String id() {
    return store.id();
  }

  @Override
  public CompletableFuture<Long> append(List<byte[]> items) {
    return inbox.append(items);
  }

  @Override
  public List<Entry> read(long after, int most, long mostBytes) {
    disk.lock();
    try {
      if (closed) {
        throw Failures.closed(home.directory());
      }
      return store.read(after, most, mostBytes, inbox::isRemoved);
    } catch (SQLException e) {
      throw Failures.reading(home.directory(), e);
    } finally {
      disk.unlock();
    }
  }

  @Override
  public void remove(long number) {
    inbox.remove(number);
  }

  @Override
  public long items() {
    return inbox.totals().items();
  }

  @Override
  public long bytes() {
    return inbox.totals().bytes();
  }

  @Override
  public void close() {
    closed = true;
    inbox.close();
    // From something that depends on an append, it would wait for itself.
    if (Thread.currentThread() != writer && !inbox.awaitEnd()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the disk of the spool in {0} does not answer: left to its thread, and what was accepted"
              + " stays accepted",
          home.directory());
    }
  }
}
