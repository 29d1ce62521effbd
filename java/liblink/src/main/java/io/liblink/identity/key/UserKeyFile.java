package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import io.liblink.message.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The cluster's key file of this user: {@code $XDG_CONFIG_HOME/liblink/<cluster>.key}, or {@code
 * ~/.config/liblink/<cluster>.key} when that is not set or not absolute. Only the user can read and
 * write it, in a directory that only the user can write. Whoever needs it first creates it; of
 * several at once, one wins and the others read its key.
 */
final class UserKeyFile implements KeySource {
  private static final String CURE =
      ". Set LIBLINK_KEY_FILE to a key file, or LIBLINK_KEY to the cluster key";

  /** Must exist already; what lies between it and {@link #directory} is created. */
  private final Path anchor;

  private final Path configuration;
  private final Path directory;
  private final Path file;

  UserKeyFile(String cluster, Map<String, String> environment) {
    Names.cluster(cluster);
    Path xdg = Path.of(environment.getOrDefault("XDG_CONFIG_HOME", ""));
    if (xdg.isAbsolute() && xdg.getParent() != null) {
      this.anchor = xdg.getParent();
      this.configuration = xdg;
    } else {
      String home = environment.getOrDefault("HOME", "");
      this.anchor = Path.of(home.isEmpty() ? System.getProperty("user.home", "") : home);
      this.configuration = anchor.resolve(".config");
    }
    this.directory = configuration.resolve("liblink");
    this.file = directory.resolve(cluster + ".key");
  }

  @Override
  public Loaded load() {
    return read(!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && create());
  }

  @Override
  public Loaded reload() {
    return read(false);
  }

  private Loaded read(boolean created) {
    try {
      checkDirectory();
      checkFile();
      String text = KeyText.read(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      return new Loaded(KeySource.parse(text, describe()), created, List.of());
    } catch (IOException e) {
      throw KeyText.unreadable(file, e);
    }
  }

  private void checkDirectory() throws IOException {
    KeyPermissions permissions = KeyPermissions.of(directory);
    permissions.requireOwn();
    if (permissions.othersMayWrite()) {
      throw new ClusterKeyException(
          Reason.PERMISSIONS,
          "others can write " + directory + ", so they can replace the cluster key"
              + " in it: run 'chmod 700 " + KeyPermissions.quoted(directory) + "'");
    }
  }

  private void checkFile() throws IOException {
    KeyPermissions permissions = KeyPermissions.of(file, LinkOption.NOFOLLOW_LINKS);
    if (!permissions.isRegularFile()) {
      throw new ClusterKeyException(
          Reason.NOT_A_FILE,
          file
              + (permissions.isSymbolicLink() ? " is a symbolic link" : " is not a regular file")
              + ", which the automatic key file may not be"
              + CURE);
    }
    permissions.requireOwn(LinkOption.NOFOLLOW_LINKS);
    if (permissions.anythingForOthers()) {
      throw new ClusterKeyException(
          Reason.PERMISSIONS,
          "others can use the cluster key in " + file + ": run 'chmod 600 "
              + KeyPermissions.quoted(file) + "', and if they may have read it, make a new key");
    }
  }

  /** Puts a new key there; false when another process was faster. */
  private boolean create() {
    if (!anchor.isAbsolute() || !Files.isDirectory(anchor)) {
      throw new ClusterKeyException(
          Reason.NOT_CREATED,
          "there is no cluster key, and none can be created because the directory" + " "
              + quotedOrUnset(anchor) + " does not exist" + CURE);
    }
    try {
      makeDirectory(configuration);
      makeDirectory(directory);
      checkDirectory();
      return writeOnce(ClusterKey.generate().text() + "\n");
    } catch (IOException e) {
      throw new ClusterKeyException(
          Reason.NOT_CREATED,
          "there is no cluster key, and " + file + " cannot be created: " + KeyText.words(e) + CURE,
          e);
    }
  }

  /** A hard link is the one step that publishes a whole file and fails when the name is taken. */
  private boolean writeOnce(String text) throws IOException {
    Path draft = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.createLink(file, draft);
      try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
        names.force(true);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      throw new IOException("this file system has no POSIX permissions or no hard links", e);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void makeDirectory(Path path) throws IOException {
    try {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw new IOException(path + " is not a directory", e);
      }
    } catch (UnsupportedOperationException e) {
      throw new IOException("this file system has no POSIX permissions", e);
    }
  }

  private static String quotedOrUnset(Path path) {
    return path.toString().isEmpty() ? "of the user (HOME is not set)" : path.toString();
  }

  @Override
  public String describe() {
    return "the key file " + file;
  }

  @Override
  public String toString() {
    return describe();
  }
}
