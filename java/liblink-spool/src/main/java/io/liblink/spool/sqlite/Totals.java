package io.liblink.spool.sqlite;

/**
 * What a spool holds.
 *
 * @param last the highest number ever given
 * @param items kept now
 * @param bytes of those items
 */
record Totals(long last, long items, long bytes) {}
