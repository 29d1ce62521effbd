package io.liblink.cli.command;

import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The file with the cluster key, read by the library's rules and written by the same: readable by
 * its owner only, in a directory that is too, whole or not at all.
 */
final class KeyFile {
  private static final String STEP = "# rotation step ";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final KeySource source;

  private KeyFile(Path path, KeySource source) {
    this.path = path;
    this.source = source;
  }

  /** The file that a node with these settings reads. */
  static KeyFile of(Settings settings) {
    Path named = settings.keyFile();
    if (named != null) {
      return new KeyFile(named.toAbsolutePath(), KeySource.file(named));
    }
    Map<String, String> env = settings.environment();
    Path configuration = Path.of(env.getOrDefault("XDG_CONFIG_HOME", ""));
    if (!configuration.isAbsolute()) {
      String home = env.getOrDefault("HOME", System.getProperty("user.home", ""));
      configuration = Path.of(home, ".config");
    }
    return new KeyFile(
        configuration.resolve("liblink").resolve(settings.cluster() + ".key"),
        KeySource.ofUser(settings.cluster(), env));
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Reads the keys and creates nothing; refuses a file that the library would refuse. */
  KeySource.Loaded read() {
    return source.reload();
  }

  /** The step of a rotation that was written into the file last, 0 when there is none. */
  int step() throws IOException {
    for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(STEP) && line.length() > STEP.length()) {
        return Math.max(0, Character.digit(line.charAt(STEP.length()), 10));
      }
    }
    return 0;
  }

  /** Makes the file; fails when it is there already. */
  void create(ClusterKey key) throws IOException {
    Path directory = path.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_DIRECTORY);
    }
    Path draft = draft(List.of(key), 0);
    try {
      Files.createLink(path, draft);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Replaces what the file holds, in one step. */
  void replace(List<ClusterKey> keys, int step) throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new FileSystemException(
          path.toString(),
          null,
          "is a symbolic link, so something else manages it: change it there");
    }
    Path draft = draft(keys, step);
    try {
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private Path draft(List<ClusterKey> keys, int step) throws IOException {
    StringBuilder text = new StringBuilder();
    if (step > 0) {
      text.append(STEP).append(step).append(" of 3: the first key signs, all are accepted\n");
    }
    keys.forEach(k -> text.append(k.text()).append('\n'));
    Path draft = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
    Files.createFile(draft, OWNER_FILE);
    try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    return draft;
  }
}
