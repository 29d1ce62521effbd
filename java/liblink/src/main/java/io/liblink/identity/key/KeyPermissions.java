package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who may read and write a file, as POSIX says it. */
final class KeyPermissions {
  private static final Path SELF = Path.of("/proc/self");

  private final Path path;
  private final PosixFileAttributes attributes;

  private KeyPermissions(Path path, PosixFileAttributes attributes) {
    this.path = path;
    this.attributes = attributes;
  }

  static KeyPermissions of(Path path, LinkOption... options) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
    if (view == null) {
      throw new ClusterKeyException(
          Reason.PERMISSIONS,
          "no POSIX permissions protect " + path + " on this file system: "
              + "set LIBLINK_KEY_FILE to a file on one that has them, or LIBLINK_KEY to the key");
    }
    return new KeyPermissions(path, view.readAttributes());
  }

  boolean isRegularFile() {
    return attributes.isRegularFile();
  }

  boolean isSymbolicLink() {
    return attributes.isSymbolicLink();
  }

  boolean isDirectory() {
    return attributes.isDirectory();
  }

  boolean othersMayWrite() {
    return hasAny(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  }

  boolean everybodyMayRead() {
    return hasAny(PosixFilePermission.OTHERS_READ);
  }

  boolean anythingForOthers() {
    return othersMayWrite()
        || hasAny(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_EXECUTE);
  }

  /** Refuses what belongs to another user than the one that this process runs as. */
  void requireOwn(LinkOption... options) throws IOException {
    boolean own;
    if (Files.exists(SELF)) { // Linux: the number, since a container's user may have no name
      own = Files.getAttribute(path, "unix:uid", options)
          .equals(Files.getAttribute(SELF, "unix:uid"));
    } else {
      own = attributes.owner().getName().equals(System.getProperty("user.name"));
    }
    if (!own) {
      throw new ClusterKeyException(
          Reason.OWNER,
          path
              + " belongs to "
              + attributes.owner().getName()
              + " and not to the user that this process runs as: run 'sudo chown \"$(id -un)\" "
              + quoted(path)
              + "' if it is yours, or set LIBLINK_KEY_FILE");
    }
  }

  /** The path as a shell takes it. */
  static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private boolean hasAny(PosixFilePermission... wanted) {
    Set<PosixFilePermission> have = attributes.permissions();
    for (PosixFilePermission p : wanted) {
      if (have.contains(p)) {
        return true;
      }
    }
    return false;
  }
}
