/**
 * The spool on SQLite: callers hand in through {@code Inbox}, one {@code Writer} groups and syncs,
 * {@code Store} has the tables. {@code docs/internals/spool.md} has the whole.
 */
@NullMarked
package io.liblink.spool.sqlite;

import org.jspecify.annotations.NullMarked;
