package io.liblink.pipeline;

import io.liblink.spool.Spool;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, known by its directory, that can be told to be slow, full, broken or out of order.
 * What was appended is there when the spool is opened again, also when it was never closed.
 */
public final class FakeDisk {
  private static final Map<Path, FakeDisk> ALL = new ConcurrentHashMap<>();

  // Guarded by this.
  private final TreeMap<Long, byte[]> kept = new TreeMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private long last;
  private boolean holds;
  private boolean backwards;
  private @Nullable LinkException appendFailure;
  private int failingReads;
  private int reads;
  private int mostRead;
  private @Nullable Open current;

  /** The disk of that directory. */
  public static FakeDisk of(Path directory) {
    return ALL.computeIfAbsent(directory, d -> new FakeDisk());
  }

  synchronized Spool open() {
    if (current != null) {
      throw LinkException.failure(Status.FAILED_PRECONDITION, Stage.SEND, "it is open")
          .build();
    }
    return current = new Open();
  }

  /** The process that has it open is gone without a word. */
  public synchronized void crash() {
    current = null;
    held.clear();
  }

  /** Appends reach the disk only when they are let. */
  public synchronized void hold(boolean lastFirst) {
    holds = true;
    backwards = lastFirst;
  }

  /** How many appends wait. */
  public synchronized int held() {
    return held.size();
  }

  /** Those that wait reach the disk, and so do later ones. */
  public void release() {
    List<Runnable> all;
    synchronized (this) {
      all = new ArrayList<>(held);
      held.clear();
      holds = false;
      if (backwards) {
        java.util.Collections.reverse(all);
      }
    }
    all.forEach(Runnable::run);
  }

  /** Appends fail so; null: no longer. */
  public synchronized void failAppends(@Nullable LinkException why) {
    appendFailure = why;
  }

  /** So many reads fail. */
  public synchronized void failReads(int count) {
    failingReads = count;
  }

  /** How often it was read. */
  public synchronized int reads() {
    return reads;
  }

  /** The most entries that one read was asked for. */
  public synchronized int mostRead() {
    return mostRead;
  }

  /** What is kept. */
  public synchronized int items() {
    return kept.size();
  }

  /** Spoils an entry. */
  public synchronized void spoil(long number) {
    kept.put(number, new byte[] {99, 0, 1, 2, 3});
  }

  private final class Open implements Spool {
    @Override
    public String id() {
      return "ab".repeat(16);
    }

    @Override
    public CompletableFuture<Long> append(List<byte[]> items) {
      synchronized (FakeDisk.this) {
        if (current != this) {
          return CompletableFuture.failedFuture(
              LinkException.failure(Status.UNAVAILABLE, Stage.SEND, "closed").build());
        }
        if (appendFailure != null) {
          return CompletableFuture.failedFuture(appendFailure);
        }
        long first = last + 1;
        last += items.size();
        CompletableFuture<Long> done = new CompletableFuture<>();
        Runnable write = () -> {
          synchronized (FakeDisk.this) {
            for (int i = 0; i < items.size(); i++) {
              kept.put(first + i, items.get(i));
            }
          }
          done.complete(first);
        };
        if (holds) {
          held.add(write);
          return done;
        }
        write.run();
        return done;
      }
    }

    @Override
    public List<Entry> read(long after, int most, long mostBytes) {
      synchronized (FakeDisk.this) {
        reads++;
        mostRead = Math.max(mostRead, most);
        if (failingReads > 0) {
          failingReads--;
          throw LinkException.failure(Status.UNAVAILABLE, Stage.SEND, "it crackles")
              .build();
        }
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Long, byte[]> e : kept.tailMap(after, false).entrySet()) {
          bytes += e.getValue().length;
          if (page.size() == most || (bytes > mostBytes && !page.isEmpty())) {
            break;
          }
          page.add(new Entry(e.getKey(), e.getValue()));
        }
        return page;
      }
    }

    @Override
    public void remove(long number) {
      synchronized (FakeDisk.this) {
        if (current == this) {
          kept.remove(number);
        }
      }
    }

    @Override
    public long items() {
      synchronized (FakeDisk.this) {
        return kept.size();
      }
    }

    @Override
    public long bytes() {
      synchronized (FakeDisk.this) {
        return kept.values().stream().mapToLong(b -> b.length).sum();
      }
    }

    @Override
    public void close() {
      release();
      synchronized (FakeDisk.this) {
        if (current == this) {
          current = null;
        }
      }
    }
  }
}
