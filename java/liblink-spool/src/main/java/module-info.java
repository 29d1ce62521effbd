/** The spool on disk: found by {@link java.util.ServiceLoader}, so nothing is exported. */
module io.liblink.spool.sqlite {
  requires io.liblink;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;

  provides io.liblink.spool.SpoolProvider with
      io.liblink.spool.sqlite.SqliteProvider;
}
