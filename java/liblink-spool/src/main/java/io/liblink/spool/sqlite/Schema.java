package io.liblink.spool.sqlite;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The database of a spool: how it is set up, made, recognised and checked. Format 1 has two tables:
 * {@code item} with what is kept, and {@code spool} with one row of what must outlive the items.
 * Every transaction brings that row up to date, so that it and the items prove each other right.
 */
final class Schema {
  /** In the header of the file, for programs that look there: "lSpl". */
  private static final int APPLICATION = 0x6C53706C;

  private static final int FORMAT = 1;

  /** Fewer, larger frames in the log: a quarter faster than 4 KiB for groups of small items. */
  static final int PAGE_BYTES = 16 * 1024;

  /** What a log that was large once is cut back to. */
  private static final int LOG_LIMIT_BYTES = 4 << 20;

  private static final int CACHE_KIB = 4096;

  /** Added to the last number when nobody knows how many were given after it. */
  private static final long SKIP = 1_000_000_000L;

  private Schema() {}

  /** What is known of a spool when it is open. */
  record Opened(String id, Totals totals) {}

  static Connection connect(Home home) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(0);
    // As a URI, since in a plain path the driver takes a question mark for options.
    String uri = home.database().toUri().toASCIIString();
    return JDBC.createConnection(JDBC.PREFIX + uri, config.toProperties());
  }

  /**
   * Sets up the connection, makes the tables in a new file, and checks those of an old one.
   *
   * @param accepted the last number that a caller was told, or {@link Mark#UNKNOWN}
   * @throws io.liblink.status.LinkException when this is not a spool of this version, or a damaged
   *     one
   */
  static Opened open(Connection connection, Home home, long accepted) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      // Before anything is read: the lock is then taken with the first look and kept. In this mode
      // there is no shared memory either, which some file systems can't give.
      run(sql, "PRAGMA locking_mode=EXCLUSIVE");
      boolean made = recognise(sql, home);
      if (!made) {
        // These two act on a file without tables only; on others they would write for nothing.
        run(sql, "PRAGMA page_size=" + PAGE_BYTES);
        run(sql, "PRAGMA auto_vacuum=INCREMENTAL");
      }
      configure(sql);
      if (!made) {
        make(connection, sql);
      }
      return check(sql, home, accepted);
    }
  }

  private static void configure(Statement sql) throws SQLException {
    run(sql, "PRAGMA journal_mode=WAL");
    // On macOS only this reaches the disk.
    run(sql, "PRAGMA fullfsync=ON");
    run(sql, "PRAGMA checkpoint_fullfsync=ON");
    // By itself it would run inside of COMMIT, while callers wait.
    run(sql, "PRAGMA wal_autocheckpoint=0");
    run(sql, "PRAGMA journal_size_limit=" + LOG_LIMIT_BYTES);
    run(sql, "PRAGMA cache_size=-" + CACHE_KIB);
    run(sql, "PRAGMA temp_store=MEMORY");
    run(sql, "PRAGMA synchronous=FULL");
  }

  /** Whether there are tables, ours. */
  private static boolean recognise(Statement sql, Home home) throws SQLException {
    long application = number(sql, "PRAGMA application_id");
    long format = number(sql, "PRAGMA user_version");
    long tables = number(sql, "SELECT count(*) FROM sqlite_schema");
    if (application == APPLICATION) {
      if (format > FORMAT) {
        throw Failures.newer(home, (int) format, FORMAT);
      }
      return true;
    }
    if (application != 0 || format != 0 || tables != 0) {
      throw Failures.foreign(home);
    }
    return false;
  }

  private static void make(Connection connection, Statement sql) throws SQLException {
    byte[] id = new byte[16];
    new SecureRandom().nextBytes(id);
    run(sql, "BEGIN EXCLUSIVE");
    run(sql, "PRAGMA application_id=" + APPLICATION);
    run(sql, "PRAGMA user_version=" + FORMAT);
    run(
        sql,
        "CREATE TABLE item"
            + " (number INTEGER PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL)");
    run(
        sql,
        "CREATE TABLE spool"
            + " (id TEXT NOT NULL, last INTEGER NOT NULL, items INTEGER NOT NULL,"
            + " bytes INTEGER NOT NULL)");
    try (var row = connection.prepareStatement("INSERT INTO spool VALUES (?, 0, 0, 0)")) {
      row.setString(1, HexFormat.of().formatHex(id));
      row.executeUpdate();
    }
    run(sql, "COMMIT");
  }

  private static Opened check(Statement sql, Home home, long accepted) throws SQLException {
    String id;
    Totals said;
    try (ResultSet row = sql.executeQuery("SELECT id, last, items, bytes FROM spool")) {
      if (!row.next()) {
        throw Failures.damaged(home, "the row that describes it is missing");
      }
      id = String.valueOf(row.getString(1));
      said = new Totals(row.getLong(2), row.getLong(3), row.getLong(4));
    }
    if (said.last() < accepted) {
      throw Failures.lost(home.directory(), said.last(), accepted);
    }
    // Looks at every row: what is missing in the middle shows here, not when it is never sent.
    try (ResultSet row = sql.executeQuery("SELECT coalesce(max(number), 0), count(*),"
        + " coalesce(sum(length(bytes)), 0) FROM item")) {
      row.next();
      Totals seen = new Totals(row.getLong(1), row.getLong(2), row.getLong(3));
      if (seen.last() > said.last()
          || seen.items() != said.items()
          || seen.bytes() != said.bytes()) {
        throw Failures.damaged(
            home,
            "it should hold "
                + said.items()
                + " items of together "
                + said.bytes()
                + " bytes, and holds "
                + seen.items()
                + " of "
                + seen.bytes());
      }
    }
    if (accepted == Mark.UNKNOWN && said.last() > 0) {
      // The file accepted is gone or unreadable. Numbers above the last may have been given to
      // items that were lost, and a number is never given twice.
      said = new Totals(said.last() + SKIP, said.items(), said.bytes());
      run(sql, "UPDATE spool SET last = " + said.last());
    }
    return new Opened(id, said);
  }

  static long number(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Runs it to its end; an execute() of the driver takes one step, a page of a vacuum, and stops. */
  static void run(Statement sql, String text) throws SQLException {
    sql.executeUpdate(text);
  }
}
