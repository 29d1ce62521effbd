package io.liblink.spool.sqlite;

import io.liblink.status.LinkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory of a spool and the files in it, for the user alone. Immutable. */
final class Home {
  private static final System.Logger LOG = System.getLogger(Home.class.getName());
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final String DATABASE = "spool.db";

  private final Path directory;
  private final FileStore volume;

  /** Tells the file of the store from one that took its place; null where nothing does. */
  private final @Nullable Object storeKey;

  private Home(Path directory, FileStore volume, @Nullable Object storeKey) {
    this.directory = directory;
    this.volume = volume;
    this.storeKey = storeKey;
  }

  /**
   * Makes the directory, and the file of the store in it, where they are missing.
   *
   * @throws LinkException FAILED_PRECONDITION, in words
   */
  static Home prepare(Path wanted) {
    Path directory = wanted.toAbsolutePath().normalize();
    try {
      make(directory);
      Home home = new Home(directory, Files.getFileStore(directory), null);
      home.check();
      return new Home(directory, home.volume, home.keyOfStore());
    } catch (IOException e) {
      throw Failures.directory(directory, e);
    }
  }

  private static void make(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path above = directory.getParent();
    if (above != null) {
      make(above);
    }
    try {
      Files.createDirectory(directory, attributes(directory, OWNER_DIRECTORY));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (above != null) {
      // A new directory is only as lasting as its entry in the one above.
      syncDirectory(above);
    }
  }

  private void check() throws IOException {
    if (isPosix(directory)) {
      Set<PosixFilePermission> others = EnumSet.copyOf(WRITABLE_BY_OTHERS);
      others.retainAll(Files.getPosixFilePermissions(directory));
      if (!others.isEmpty()) {
        throw Failures.unusable(
            directory, "other users may write to this directory: chmod 700 " + directory);
      }
    }
    if (!Files.isWritable(directory)) {
      throw Failures.unusable(
          directory,
          volume.isReadOnly()
              ? "the file system is read-only: mount it writable, or name another directory"
              : "this user may not write there: give it access, or name another directory");
    }
    if (!Files.exists(database())) {
      long accepted = Mark.read(mark());
      if (accepted > 0) {
        throw Failures.lost(directory, 0, accepted);
      }
      refuseStrangers();
      makeFile(database());
      syncDirectory(directory);
    } else if (isPosix(directory)
        && !Files.getPosixFilePermissions(database()).equals(OWNER_FILE)) {
      // A copy that was put back may have got the permissions of anything.
      Files.setPosixFilePermissions(database(), OWNER_FILE);
    }
  }

  private void refuseStrangers() throws IOException {
    List<Path> ours = List.of(database(), mark(), holder());
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(f -> !ours.contains(f)).findFirst().ifPresent(f -> {
        throw Failures.unusable(
            directory,
            "no spool is here, but "
                + f.getFileName()
                + " is: name an empty directory, or one that is to be made");
      });
    }
  }

  Path directory() {
    return directory;
  }

  Path database() {
    return directory.resolve(DATABASE);
  }

  /** The last number accepted, see {@link Mark}. */
  Path mark() {
    return directory.resolve("accepted");
  }

  /** The process that has the spool open; meaningless when none has. */
  private Path holder() {
    return directory.resolve("holder");
  }

  /** Leaves this process's id for one that is refused. */
  void held() {
    try {
      makeFile(holder());
      Files.writeString(holder(), ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      // On a full disk: what is kept can be read all the same.
      LOG.log(System.Logger.Level.DEBUG, "who holds the spool can't be left there", e);
    }
  }

  /** Who has it open, in words. */
  String heldBy() {
    try {
      String pid = Files.readString(holder()).trim();
      return pid.matches("[0-9]{1,10}") ? "process " + pid : "another process";
    } catch (IOException e) {
      return "another process";
    }
  }

  private @Nullable Object keyOfStore() throws IOException {
    return Files.readAttributes(database(), BasicFileAttributes.class).fileKey();
  }

  /** Whether the file of the store is not the one any more that was opened. */
  boolean isGone() {
    try {
      return !Objects.equals(storeKey, keyOfStore());
    } catch (IOException e) {
      return true;
    }
  }

  /** How large the file of the log is, much of which may be free to be written over. */
  long logFileBytes() {
    try {
      return Files.size(directory.resolve(DATABASE + "-wal"));
    } catch (IOException e) {
      return 0;
    }
  }

  /** Bytes that this user can still write to the disk; {@code Long.MAX_VALUE} when it can't tell. */
  long usableBytes() {
    try {
      return volume.getTotalSpace() <= 0 ? Long.MAX_VALUE : volume.getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Makes an empty file for the user alone, unless it is there. */
  static void makeFile(Path file) throws IOException {
    try {
      Files.createFile(file, attributes(file, OWNER_FILE));
    } catch (FileAlreadyExistsException e) {
      // Then it is there.
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system opens directories; those that do not keep entries without being asked.
    }
  }
}
