package io.liblink.pipeline;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Items on their way to disk.
 *
 * @param items in order
 * @param bytes of them in memory
 * @param stored of them on disk
 * @param written by the spool: the number of the first
 * @param accepted by the producer, which does so in the order of the disk
 */
record Appending(
    List<PushedItem> items,
    long bytes,
    long stored,
    CompletableFuture<Long> written,
    CompletableFuture<Void> accepted) {}
