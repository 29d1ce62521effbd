package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.Spool;
import io.liblink.spool.Spool.Entry;
import io.liblink.spool.SpoolProvider.Settings;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What the tests of the spool share. */
final class Spools {
  static final long PLENTY = 1L << 30;
  private static final Duration LONG = Duration.ofSeconds(30);

  private Spools() {}

  static Settings settings(Path directory) {
    return new Settings(directory, PLENTY, Duration.ofMillis(1), TimeSource.system());
  }

  static Spool open(Path directory) {
    return new SqliteProvider().open(settings(directory));
  }

  static Spool open(Path directory, long mostBytes) {
    return new SqliteProvider()
        .open(new Settings(directory, mostBytes, Duration.ofMillis(1), TimeSource.system()));
  }

  /** Bytes that say which item they are and can be checked: of 8 bytes or more. */
  static byte[] item(long tag, int length) {
    byte[] bytes = new byte[Math.max(8, length)];
    new Random(tag).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(tag);
    return bytes;
  }

  /** The tag of an item that is whole. */
  static long tag(byte[] item) {
    long tag = ByteBuffer.wrap(item).getLong();
    assertThat(item).as("item with tag " + tag).isEqualTo(item(tag, item.length));
    return tag;
  }

  /** Appends and waits until it is accepted. */
  static long append(Spool spool, byte[]... items) {
    return number(spool.append(Arrays.asList(items)));
  }

  static long number(CompletableFuture<Long> accepted) {
    try {
      return accepted.get(LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("not accepted within " + LONG, e);
    }
  }

  /** Why an append was refused. */
  static LinkException refusal(CompletableFuture<Long> append) {
    try {
      throw new AssertionError("accepted as " + number(append));
    } catch (CompletionException e) {
      return (LinkException) e.getCause();
    }
  }

  static LinkException refusal(Spool spool, byte[]... items) {
    return refusal(spool.append(Arrays.asList(items)));
  }

  /** Why something fails at once. */
  static LinkException failure(Status status, Runnable what) {
    try {
      what.run();
    } catch (LinkException e) {
      assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  static List<Entry> all(Spool spool) {
    List<Entry> entries = new ArrayList<>();
    List<Entry> page = spool.read(0, 100, 1 << 20);
    while (!page.isEmpty()) {
      entries.addAll(page);
      page = spool.read(page.get(page.size() - 1).number(), 100, 1 << 20);
    }
    return entries;
  }

  static List<Long> numbers(Spool spool) {
    return all(spool).stream().map(Entry::number).toList();
  }

  static void await(String what, BooleanSupplier condition) {
    long start = TimeSource.system().nanos();
    while (!condition.getAsBoolean()) {
      if (TimeSource.system().nanos() - start > LONG.toNanos()) {
        throw new AssertionError("not within " + LONG + ": " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  /** Copies the files as they are, which is what the end of the process leaves. */
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  static long size(Path directory) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
