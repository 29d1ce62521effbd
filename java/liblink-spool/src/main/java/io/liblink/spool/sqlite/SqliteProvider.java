package io.liblink.spool.sqlite;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider;
import io.liblink.status.LinkException;
import java.io.IOException;
import java.sql.SQLException;

/** Opens spools that SQLite keeps. */
public final class SqliteProvider implements SpoolProvider {
  private static final System.Logger LOG = System.getLogger(SqliteProvider.class.getName());

  /** For {@link java.util.ServiceLoader}. */
  public SqliteProvider() {}

  @Override
  public Spool open(Settings settings) {
    if (settings.mostBytes() < 1) {
      throw new IllegalArgumentException(
          "a spool of at most " + settings.mostBytes() + " bytes can't keep anything");
    }
    if (settings.syncEvery().isNegative()) {
      throw new IllegalArgumentException("syncEvery is negative: " + settings.syncEvery());
    }
    Home home = Home.prepare(settings.directory());
    try {
      return open(home, settings);
    } catch (IOException e) {
      throw Failures.directory(home.directory(), e);
    }
  }

  private static Spool open(Home home, Settings settings) throws IOException {
    Store store = Store.open(home, Mark.read(home.mark()));
    Mark mark = null;
    try {
      mark = Mark.open(home.mark(), store.totals().last());
      home.held();
      return new SqliteSpool(home, store, mark, settings);
    } catch (IOException | LinkException e) {
      if (mark != null) {
        mark.close();
      }
      close(home, store);
      throw e;
    }
  }

  private static void close(Home home, Store store) {
    try {
      store.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the spool in " + home.directory(), e);
    }
  }
}
