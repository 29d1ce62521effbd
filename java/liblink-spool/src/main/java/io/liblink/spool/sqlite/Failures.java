package io.liblink.spool.sqlite;

import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What can go wrong with a spool, in words: which, where, why, what to do. */
final class Failures {
  private static final int PRIMARY_CODE = 0xff;

  private Failures() {}

  // ---- Opening ----------------------------------------------------------------------------------

  static LinkException unusable(Path directory, String why) {
    return build(
        Status.FAILED_PRECONDITION, "the spool in " + directory + " can't be opened: " + why, null);
  }

  static LinkException directory(Path directory, IOException e) {
    String text = String.valueOf(e.getMessage());
    String why;
    if (e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || text.contains("Not a directory")) {
      why = "a part of the path is a file: name a directory";
    } else if (e instanceof AccessDeniedException || text.contains("Permission denied")) {
      why = "this user may not write there: give it access, or name another directory";
    } else if (text.contains("Read-only file system")) {
      why = "the file system is read-only: mount it writable, or name another directory";
    } else if (text.contains("No space left") || text.contains("quota")) {
      why = "the disk is full: free some space there, or name a directory on another disk";
    } else {
      why = text;
    }
    return build(
        Status.FAILED_PRECONDITION, "the spool in " + directory + " can't be opened: " + why, e);
  }

  static LinkException opening(Home home, SQLException e) {
    String why = switch (code(e)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
        home.heldBy() + " has it open: stop that, or name another directory, one for each producer";
      case SQLITE_NOTADB ->
        home.database().getFileName()
            + " is not the store of a spool, or its beginning is damaged: "
            + putAway();
      case SQLITE_CORRUPT -> "it is damaged (" + e.getMessage() + "): " + putAway();
      case SQLITE_FULL -> "the disk is full: free some space there";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
        "its files can't be opened for writing (" + e.getMessage()
            + "): give this user access, or name another directory";
      default -> "the disk fails, or the store does: " + e.getMessage();
    };
    return build(
        Status.FAILED_PRECONDITION,
        "the spool in " + home.directory() + " can't be opened: " + why,
        e);
  }

  static LinkException noLibrary(Home home, Throwable e) {
    return build(
        Status.FAILED_PRECONDITION,
        "the spool in "
            + home.directory()
            + " can't be opened: the native library of SQLite does not load ("
            + e.getMessage()
            + "): it is unpacked to java.io.tmpdir, which must be writable and not mounted noexec;"
            + " -Dorg.sqlite.tmpdir=DIRECTORY names another place",
        e);
  }

  static LinkException foreign(Home home) {
    return unusable(
        home.directory(),
        home.database().getFileName()
            + " is an SQLite database of something else: name another directory");
  }

  static LinkException newer(Home home, int format, int known) {
    return unusable(
        home.directory(),
        "it was made by a newer version (format "
            + format
            + ", and this one knows "
            + known
            + "): use that version to send what it holds");
  }

  static LinkException damaged(Home home, String what) {
    return unusable(home.directory(), "it is damaged: " + what + ": " + putAway());
  }

  /** Items are missing that callers were told are kept. */
  static LinkException lost(Path directory, long last, long accepted) {
    return unusable(
        directory,
        "items "
            + (last + 1)
            + " to "
            + accepted
            + " were accepted, and its files no longer have them: put back what was cut off or"
            + " deleted; or, to go on without those items, delete "
            + directory.resolve("accepted"));
  }

  private static String putAway() {
    return "put the directory away and let a new one be made; the program sqlite3 with .recover"
        + " reads what is left";
  }

  // ---- Appending --------------------------------------------------------------------------------

  static LinkException full(Path directory, Totals kept, long most, long more) {
    String size = "the spool in " + directory + " is full: ";
    return quick(
        Status.RESOURCE_EXHAUSTED,
        more > most
            ? size + "this append has " + bytes(more) + " and all of it may have " + bytes(most)
                + ": raise its bound, or push smaller items"
            : size + "it keeps or is about to keep " + bytes(kept.bytes()) + " of at most "
                + bytes(most) + ", and this append has " + bytes(more)
                + ": wait until workers have settled some, add workers, or raise its bound",
        null);
  }

  static LinkException tooLarge(Path directory, long bytes, long most) {
    return quick(
        Status.RESOURCE_EXHAUSTED,
        "the spool in " + directory + " takes items of at most " + bytes(most) + ", and one has "
            + bytes(bytes) + ": push smaller items",
        null);
  }

  static LinkException behind(Path directory, long waiting) {
    return quick(
        Status.RESOURCE_EXHAUSTED,
        "the disk of the spool in " + directory + " does not keep up: " + bytes(waiting)
            + " wait to be written: push slower, or use a faster disk",
        null);
  }

  static LinkException noRoom(Path directory, long usable, long needed) {
    return quick(
        Status.RESOURCE_EXHAUSTED,
        "the disk of the spool in " + directory + " is full: " + bytes(usable)
            + " are left, and about " + bytes(needed)
            + " are needed: free some space there; nothing that was accepted is lost",
        null);
  }

  /** Why a group could not be kept. */
  static LinkException writing(Path directory, Throwable e) {
    if (e instanceof SQLException sql && code(sql) == SQLiteErrorCode.SQLITE_FULL) {
      return quick(
          Status.RESOURCE_EXHAUSTED,
          "the disk of the spool in " + directory
              + " is full: free some space there; nothing that was accepted is lost",
          e);
    }
    return quick(
        Status.UNAVAILABLE,
        "the spool in " + directory + " can't write to its disk: " + e.getMessage()
            + ": look at the disk, its quota and the system's log; nothing that was accepted is"
            + " lost, and appending is tried again each time",
        e);
  }

  static LinkException gone(Path directory) {
    return quick(
        Status.UNAVAILABLE,
        "the files of the spool in " + directory + " were deleted or replaced while it was open:"
            + " what it kept went with them; close it, and open it again",
        null);
  }

  static LinkException closed(Path directory) {
    return quick(Status.UNAVAILABLE, "the spool in " + directory + " is closed", null);
  }

  // ---- Reading ----------------------------------------------------------------------------------

  static LinkException reading(Path directory, SQLException e) {
    return build(
        code(e) == SQLiteErrorCode.SQLITE_CORRUPT ? Status.DATA_LOSS : Status.UNAVAILABLE,
        "the spool in " + directory + " can't be read: " + e.getMessage(),
        e);
  }

  static LinkException damagedItem(Path directory, long number) {
    return build(
        Status.DATA_LOSS,
        "item " + number + " of the spool in " + directory
            + " is damaged: its check sum does not fit. It stays there; remove it to go on without"
            + " it",
        null);
  }

  static LinkException damagedOrder(Path directory, long before, long number) {
    return build(
        Status.DATA_LOSS,
        "the spool in " + directory + " is damaged: item " + number + " stands after item " + before
            + ", so others may be missing: " + putAway(),
        null);
  }

  // ---- Words ------------------------------------------------------------------------------------

  private static SQLiteErrorCode code(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE);
    }
    return SQLiteErrorCode.UNKNOWN_ERROR;
  }

  private static String bytes(long count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }

  private static LinkException build(Status status, String problem, @Nullable Throwable cause) {
    return LinkException.failure(status, Stage.SEND, problem).cause(cause).build();
  }

  /** For the writer's thread and full spools, where a stack says nothing and costs. */
  private static LinkException quick(Status status, String problem, @Nullable Throwable cause) {
    return LinkException.failure(status, Stage.SEND, problem)
        .cause(cause)
        .withoutStackTrace()
        .build();
  }
}
