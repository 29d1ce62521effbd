package io.liblink.spool.sqlite;

import io.liblink.status.LinkException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: takes a group, brings it to disk, tells its callers, and tidies up.
 * Callers are told on this thread, without a lock held; what depends on them must be short.
 */
final class Writer implements Runnable {
  private static final System.Logger LOG = System.getLogger(Writer.class.getName());

  /** Room for removals and for the pages between the items. */
  private static final long SPARE_BYTES = 512 * 1024;

  private static final int ROOM_PER_ITEM = 64;

  /** Pages that even a small append may add. */
  private static final int ROOM_PAGES = 4;

  private final Home home;
  private final Store store;
  private final Mark mark;
  private final Inbox inbox;

  /** Guards the store; fair, so that readers get in between groups. */
  private final ReentrantLock disk;

  private boolean failing;

  Writer(Home home, Store store, Mark mark, Inbox inbox, ReentrantLock disk) {
    this.home = home;
    this.store = store;
    this.mark = mark;
    this.inbox = inbox;
    this.disk = disk;
  }

  @Override
  public void run() {
    try {
      Group group = inbox.take();
      while (group != null) {
        handleOrFail(group);
        group = inbox.take();
      }
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "the spool in " + home.directory() + " ends", e);
    } finally {
      end();
    }
  }

  private void handleOrFail(Group group) {
    try {
      handle(group);
    } catch (RuntimeException | Error e) {
      tell(group.appends(), 0, Failures.writing(home.directory(), e));
      throw e;
    }
  }

  private void handle(Group group) {
    LinkException failure = null;
    boolean removed = group.removals().isEmpty();
    long first;
    disk.lock();
    try {
      first = store.totals().last() + 1;
      if (!group.appends().isEmpty()) {
        failure = append(group);
        removed |= failure == null;
      }
      if (!removed) {
        removed = remove(group);
      }
      // Under the lock of the disk: whoever reads an item may remove it at once.
      inbox.done(group, removed, store.totals());
    } finally {
      disk.unlock();
    }
    tell(group.appends(), first, failure);
    tidy(group);
  }

  /** Null when everything in the group is on disk. */
  private @Nullable LinkException append(Group group) {
    LinkException failure = noRoom(group);
    if (failure == null) {
      try {
        store.write(group.removals(), group.appends(), true);
        if (home.isGone()) {
          failure = Failures.gone(home.directory());
        } else {
          mark.accepted(store.totals().last());
        }
      } catch (SQLException | RuntimeException | Error e) {
        failure = Failures.writing(home.directory(), e);
      }
    }
    note(failure);
    return failure;
  }

  /**
   * Looks before it writes, so that the store stops while there is still room to remove what it has:
   * a disk that the spool itself filled is then emptied by the spool itself.
   */
  private @Nullable LinkException noRoom(Group group) {
    // With what lies between items; once for the log and once for the tables.
    long size = group.bytes()
        + group.bytes() / 2
        + (long) ROOM_PER_ITEM * group.items()
        + (long) ROOM_PAGES * Schema.PAGE_BYTES;
    long needed = 2 * size + store.logBytes() + SPARE_BYTES;
    long usable = home.usableBytes();
    if (usable >= needed) {
      return null;
    }
    long free = store.makeRoom();
    if (store.logBytes() == 0) {
      // The file of the log is written over from its beginning, and so are free pages.
      needed = Math.max(0, size + SPARE_BYTES - home.logFileBytes()) + Math.max(0, size - free);
    }
    usable = home.usableBytes();
    return usable < needed ? Failures.noRoom(home.directory(), usable, needed) : null;
  }

  /** By itself, because it may work where appending does not. */
  private boolean remove(Group group) {
    if (group.careful()) {
      store.makeRoom();
    }
    try {
      store.write(group.removals(), List.of(), false);
      return true;
    } catch (SQLException | RuntimeException | Error e) {
      note(Failures.writing(home.directory(), e));
      return false;
    }
  }

  private void note(@Nullable LinkException failure) {
    if (failure != null && !failing) {
      LOG.log(System.Logger.Level.WARNING, failure.problem());
    } else if (failure == null && failing) {
      LOG.log(System.Logger.Level.INFO, "the spool in {0} can write again", home.directory());
    }
    failing = failure != null;
  }

  private static void tell(List<Append> appends, long first, @Nullable LinkException failure) {
    long number = first;
    for (Append append : appends) {
      if (failure != null) {
        append.done().completeExceptionally(failure);
      } else {
        append.done().complete(number);
        number += append.items().size();
      }
    }
  }

  private void tidy(Group group) {
    boolean sparse;
    disk.lock();
    try {
      sparse = store.tidy(group.giveBack());
    } finally {
      disk.unlock();
    }
    inbox.tidied(group, sparse);
  }

  private void end() {
    disk.lock();
    try {
      store.close();
      mark.close();
    } catch (SQLException | IOException e) {
      LOG.log(System.Logger.Level.WARNING, "closing the spool in " + home.directory(), e);
    } finally {
      disk.unlock();
    }
    LinkException closed = Failures.closed(home.directory());
    inbox.end().forEach(append -> append.done().completeExceptionally(closed));
  }
}
