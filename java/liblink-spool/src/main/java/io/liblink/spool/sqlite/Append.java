package io.liblink.spool.sqlite;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Items that one caller appends: all of them or none.
 *
 * @param bytes of the items together
 * @param done completes with the number of the first
 */
record Append(List<byte[]> items, long bytes, CompletableFuture<Long> done) {}
