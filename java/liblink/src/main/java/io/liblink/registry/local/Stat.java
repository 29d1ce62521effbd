package io.liblink.registry.local;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What a directory entry is, links not followed.
 *
 * @param uid the owner, {@link #UNKNOWN} where the system has no such numbers
 * @param mode the permission bits, {@link #UNKNOWN} where the system has none
 * @param inode identifies the directory behind a path; 0 where the system has none
 * @param modified when it was last changed
 * @param isDirectory whether it is a directory
 * @param isLink whether it is a symbolic link
 */
record Stat(
    long uid, int mode, long inode, FileTime modified, boolean isDirectory, boolean isLink) {
  /** No such number on this system. */
  static final int UNKNOWN = -1;

  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;

  /** Whether files here have Unix owners and permissions. */
  static boolean isUnix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  }

  static Stat of(Path path) throws IOException {
    if (!isUnix()) {
      BasicFileAttributes a =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Stat(
          UNKNOWN, UNKNOWN, 0, a.lastModifiedTime(), a.isDirectory(), a.isSymbolicLink());
    }
    // By number: asking for the owner's name could go out to a directory service.
    Map<String, Object> a =
        Files.readAttributes(path, "unix:uid,mode,ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) number(a, "mode");
    return new Stat(
        number(a, "uid") & 0xffff_ffffL,
        mode & 07777,
        number(a, "ino"),
        a.get("lastModifiedTime") instanceof FileTime time ? time : FileTime.fromMillis(0),
        (mode & TYPE) == DIRECTORY,
        (mode & TYPE) == LINK);
  }

  private static long number(Map<String, Object> attributes, String name) throws IOException {
    if (attributes.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IOException("the system does not tell the " + name + " of files");
  }
}
