package io.liblink.registry.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one cluster, and its conditions: it and its parent are directories of this user
 * that nobody else can enter. Anything else is refused, with the cure.
 */
final class ClusterDirectory {
  private static final int OTHERS = 0077;
  private static final int OWNER = 0700;

  private final Place place;
  private final Path path;
  private final long uid;

  ClusterDirectory(Place place, String cluster, long uid) {
    this.place = place;
    this.path = place.base().resolve(cluster);
    this.uid = uid;
  }

  Path path() {
    return path;
  }

  /**
   * Looks at it.
   *
   * @return null when it is not there
   * @throws IOException when it, or its parent, is refused or can't be looked at
   */
  @Nullable
  Stat look() throws IOException {
    try {
      check(place.base(), Stat.of(place.base()));
      Stat stat = Stat.of(path);
      check(path, stat);
      return stat;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Makes it where it is missing, and checks it. */
  void make() throws IOException {
    if (look() != null) {
      return;
    }
    FileAttribute<?>[] attributes = Stat.isUnix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
    try {
      Files.createDirectories(path, attributes);
    } catch (FileAlreadyExistsException e) {
      // Something that is no directory, which the check below says in words.
    }
    if (look() == null) {
      throw new NoSuchFileException(path.toString());
    }
  }

  private void check(Path directory, Stat stat) throws IOException {
    String elsewhere = "name another directory in " + place.saidBy();
    if (stat.isLink()) {
      throw new Refused(directory
          + " is a symbolic link, which could lead elsewhere tomorrow: remove it, or "
          + elsewhere);
    }
    if (!stat.isDirectory()) {
      throw new Refused(directory + " is not a directory: remove it, or " + elsewhere);
    }
    if (stat.uid() != uid && stat.uid() != Stat.UNKNOWN) {
      throw new Refused(directory
          + " belongs to user "
          + stat.uid()
          + ", and this process runs as user "
          + uid
          + ": run as that user, or "
          + elsewhere);
    }
    if (stat.mode() == Stat.UNKNOWN) {
      return;
    }
    String mode = "0" + Integer.toOctalString(stat.mode() | 01000).substring(1);
    if ((stat.mode() & OTHERS) != 0) {
      throw new Refused(
          directory + " is open to other users (mode " + mode + "): chmod 700 " + directory);
    }
    if ((stat.mode() & OWNER) != OWNER) {
      throw new Refused(directory
          + " can't be read and written by its owner (mode "
          + mode
          + "): chmod 700 "
          + directory);
    }
  }

  /** The words for a failure of the file system at this directory. */
  String words(String what, IOException e) {
    if (e instanceof Refused) {
      return String.valueOf(e.getMessage());
    }
    return what + " " + path + ": " + reason(e);
  }

  private String reason(IOException e) {
    String elsewhere = ", or name another directory in " + place.saidBy();
    String text = String.valueOf(e.getMessage());
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied: give this user access to it" + elsewhere;
    }
    if (e instanceof NotDirectoryException || text.endsWith("Not a directory")) {
      return "a part of the path is not a directory: remove it" + elsewhere;
    }
    if (text.contains("No space left") || text.contains("quota")) {
      return "no space left: free some there" + elsewhere;
    }
    if (text.contains("Read-only file system")) {
      return "the file system is read-only: mount it writable" + elsewhere;
    }
    if (e instanceof NoSuchFileException) {
      return "it vanished meanwhile";
    }
    return text;
  }

  /** A directory that does not meet the conditions. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String problem) {
      super(problem);
    }
  }
}
