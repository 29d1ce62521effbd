package io.liblink.spool.sqlite;

import io.liblink.spool.Spool.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.sqlite.NativeLibraryNotFoundException;

/**
 * The tables of a spool that is open: writes groups, reads pages, gives space back. Not thread-safe:
 * whoever uses it holds the lock of the disk. After a failed {@link #write} nothing of it is there,
 * and the same connection can be used on.
 */
final class Store implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Store.class.getName());

  /** One statement for that many rows: four times faster than a statement for each. */
  private static final int ROWS = 64;

  /** Above that many bytes rows go one by one, so that not all are copied at once. */
  private static final int ROWS_BYTES = 256 * 1024;

  /** The log is moved into the tables when it has grown to that. */
  private static final long LOG_BYTES = 4 << 20;

  /** Free pages that are kept for new items rather than given back: 16 MiB. */
  private static final int SPARE_PAGES = 1024;

  /** Pages given back in one step: some milliseconds. */
  private static final int STEP_PAGES = 256;

  private static final String INSERT = "INSERT INTO item (number, crc, bytes) VALUES (?,?,?)";

  private final Home home;
  private final Connection connection;
  private final Statement sql;
  private final PreparedStatement insert;
  private final PreparedStatement insertMany;
  private final PreparedStatement measure;
  private final PreparedStatement delete;
  private final PreparedStatement describe;
  private final PreparedStatement page;
  private final String id;
  private final CRC32C crc = new CRC32C();
  private Totals totals;

  /** What COMMIT does now: with or without a sync. */
  private boolean syncing = true;

  private boolean tidyingFailed;
  private long logBytes;

  private Store(Home home, Connection connection, Schema.Opened opened) throws SQLException {
    this.home = home;
    this.connection = connection;
    this.id = opened.id();
    this.totals = opened.totals();
    this.sql = connection.createStatement();
    this.insert = connection.prepareStatement(INSERT);
    this.insertMany = connection.prepareStatement(INSERT + ",(?,?,?)".repeat(ROWS - 1));
    this.measure = connection.prepareStatement(
        "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM item WHERE number BETWEEN ? AND ?");
    this.delete = connection.prepareStatement("DELETE FROM item WHERE number BETWEEN ? AND ?");
    this.describe = connection.prepareStatement("UPDATE spool SET last = ?, items = ?, bytes = ?");
    this.page = connection.prepareStatement(
        "SELECT number, crc, bytes FROM item WHERE number > ? ORDER BY number");
    // What a crash left in it.
    measureLog();
  }

  /**
   * Opens it, making it in an empty file.
   *
   * @param accepted the last number that a caller was told, or {@link Mark#UNKNOWN}
   * @throws io.liblink.status.LinkException FAILED_PRECONDITION, in words
   */
  static Store open(Home home, long accepted) {
    Connection connection = null;
    try {
      connection = Schema.connect(home);
      Store store = new Store(home, connection, Schema.open(connection, home, accepted));
      connection = null;
      return store;
    } catch (SQLException e) {
      throw e.getCause() instanceof NativeLibraryNotFoundException missing
          ? Failures.noLibrary(home, missing)
          : Failures.opening(home, e);
    } finally {
      quietly(connection);
    }
  }

  String id() {
    return id;
  }

  Totals totals() {
    return totals;
  }

  /**
   * Removes and appends in one transaction.
   *
   * @param removals runs of numbers; those that are not there are skipped
   * @param appends get the numbers after the last, in order
   * @param sync whether it has to be on disk when this returns; without, the next sync takes it
   *     along, and a loss of power before undoes it as a whole
   */
  void write(Ranges removals, List<Append> appends, boolean sync) throws SQLException {
    setSyncing(sync);
    Schema.run(sql, "BEGIN IMMEDIATE");
    try {
      Totals after = insert(appends, remove(removals, totals));
      describe.setLong(1, after.last());
      describe.setLong(2, after.items());
      describe.setLong(3, after.bytes());
      describe.executeUpdate();
      Schema.run(sql, "COMMIT");
      totals = after;
    } catch (SQLException | RuntimeException | Error e) {
      rollback();
      throw e;
    }
  }

  private void setSyncing(boolean wanted) throws SQLException {
    if (syncing != wanted) {
      Schema.run(sql, "PRAGMA synchronous=" + (wanted ? "FULL" : "NORMAL"));
      syncing = wanted;
    }
  }

  private Totals remove(Ranges removals, Totals before) throws SQLException {
    long items = before.items();
    long bytes = before.bytes();
    for (Map.Entry<Long, Long> run : removals.runs().entrySet()) {
      long count = 0;
      measure.setLong(1, run.getKey());
      measure.setLong(2, run.getValue());
      try (ResultSet row = measure.executeQuery()) {
        if (row.next()) {
          count = row.getLong(1);
          bytes -= row.getLong(2);
        }
      }
      if (count > 0) {
        items -= count;
        delete.setLong(1, run.getKey());
        delete.setLong(2, run.getValue());
        delete.executeUpdate();
      }
    }
    return new Totals(before.last(), items, bytes);
  }

  private Totals insert(List<Append> appends, Totals before) throws SQLException {
    List<byte[]> rows = new ArrayList<>(ROWS);
    long last = before.last();
    long bytes = before.bytes();
    long rowsBytes = 0;
    for (Append append : appends) {
      for (byte[] item : append.items()) {
        rows.add(item);
        rowsBytes += item.length;
        if (rows.size() == ROWS || rowsBytes > ROWS_BYTES) {
          insertRows(rows, last + 1);
          last += rows.size();
          rows.clear();
          rowsBytes = 0;
        }
      }
      bytes += append.bytes();
    }
    insertRows(rows, last + 1);
    last += rows.size();
    return new Totals(last, before.items() + last - before.last(), bytes);
  }

  private void insertRows(List<byte[]> rows, long first) throws SQLException {
    if (rows.size() == ROWS) {
      for (int i = 0; i < ROWS; i++) {
        bind(insertMany, 3 * i, first + i, rows.get(i));
      }
      insertMany.executeUpdate();
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      bind(insert, 0, first + i, rows.get(i));
      insert.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement, int at, long number, byte[] item)
      throws SQLException {
    statement.setLong(at + 1, number);
    statement.setLong(at + 2, sum(number, item));
    statement.setBytes(at + 3, item);
  }

  /** Over the number too: an item that changed its place is as damaged as one that changed. */
  private long sum(long number, byte[] item) {
    crc.reset();
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (number >>> shift) & 0xff);
    }
    crc.update(item, 0, item.length);
    return crc.getValue();
  }

  private void rollback() {
    try {
      if (!connection.isClosed()) {
        Schema.run(sql, "ROLLBACK");
      }
    } catch (SQLException e) {
      // After most failures of a disk it is rolled back already, and this says so.
      LOG.log(System.Logger.Level.DEBUG, "rolling back", e);
    }
  }

  /**
   * Items above a number, the lowest first. A page ends before an item whose bytes are damaged; one
   * that would begin with it fails.
   *
   * @param removed numbers that are to be left out
   */
  List<Entry> read(long after, int most, long mostBytes, LongPredicate removed)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    long before = after;
    page.setLong(1, after);
    try (ResultSet rows = page.executeQuery()) {
      while (entries.size() < most && rows.next()) {
        long number = rows.getLong(1);
        if (number <= before) {
          // At once: a page that began after this would step over what is missing.
          throw Failures.damagedOrder(home.directory(), before, number);
        }
        before = number;
        if (removed.test(number)) {
          continue;
        }
        byte[] item = rows.getBytes(3);
        boolean whole = item != null && sum(number, item) == rows.getLong(2);
        bytes += item == null ? 0 : item.length;
        if (!entries.isEmpty() && (!whole || bytes > mostBytes)) {
          break;
        }
        if (!whole) {
          throw Failures.damagedItem(home.directory(), number);
        }
        entries.add(new Entry(number, Objects.requireNonNull(item)));
      }
    }
    return entries;
  }

  /**
   * Bytes of the log that were not in the tables when it was last tidied, for which these may have
   * to grow.
   */
  long logBytes() {
    return logBytes;
  }

  /**
   * Moves the log into the tables when it is long.
   *
   * @param giveBack whether to give free pages back to the file system too, when more than half of
   *     the file is free: a bounded piece of that
   * @return whether there is something to give back
   */
  boolean tidy(boolean giveBack) {
    try {
      if (giveBack && isSparse()) {
        setSyncing(false);
        Schema.run(sql, "PRAGMA incremental_vacuum(" + STEP_PAGES + ")");
        // Only this cuts the file.
        checkpoint();
      }
      measureLog();
      if (logBytes >= LOG_BYTES) {
        checkpoint();
        measureLog();
      }
      tidyingFailed = false;
      return isSparse();
    } catch (SQLException e) {
      if (!tidyingFailed) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the spool in " + home.directory() + " can't tidy up, and goes on without",
            e);
      }
      tidyingFailed = true;
      return false;
    }
  }

  /**
   * Empties the log into the tables, as far as that can be done.
   *
   * @return bytes of free pages in the tables
   */
  long makeRoom() {
    try {
      checkpoint();
      measureLog();
      return Schema.number(sql, "PRAGMA freelist_count") * Schema.PAGE_BYTES;
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "making room", e);
      return 0;
    }
  }

  private void checkpoint() throws SQLException {
    Schema.run(sql, "PRAGMA wal_checkpoint(PASSIVE)");
  }

  private void measureLog() throws SQLException {
    try (ResultSet row = sql.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      logBytes = row.next() ? (row.getLong(2) - row.getLong(3)) * Schema.PAGE_BYTES : 0;
    }
  }

  private boolean isSparse() throws SQLException {
    long free = Schema.number(sql, "PRAGMA freelist_count");
    return free > SPARE_PAGES && free * 2 > Schema.number(sql, "PRAGMA page_count");
  }

  /** Brings everything to disk and lets go of the lock. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private static void quietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.DEBUG, "closing what did not open", e);
      }
    }
  }
}
