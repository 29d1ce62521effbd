package io.liblink.cli.child;

import io.liblink.NodeOptions;
import io.liblink.identity.key.ClusterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A cluster for a while: its own name, key and registry, in a directory that only its owner can read
 * and that is gone when it is closed. Never touches the user's own.
 */
public final class TemporaryCluster implements AutoCloseable {
  private final String name;
  private final Path directory;

  private TemporaryCluster(String name, Path directory) {
    this.name = name;
    this.directory = directory;
  }

  /** Makes one whose name starts so. */
  public static TemporaryCluster create(String prefix) throws IOException {
    Path directory = Files.createTempDirectory("liblink-" + prefix + "-");
    TemporaryCluster cluster =
        new TemporaryCluster(prefix + "-" + ProcessHandle.current().pid(), directory);
    writeKey(cluster.keyFile());
    Files.createDirectory(
        cluster.directory.resolve("registry"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return cluster;
  }

  private static void writeKey(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, ClusterKey.generate().text() + "\n");
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Its registry. */
  public String registry() {
    return "local:" + directory.resolve("registry");
  }

  /** The file with its key. */
  public Path keyFile() {
    return directory.resolve("cluster.key");
  }

  /** A file with another key, as an intruder would hold. */
  public Path strangeKeyFile() throws IOException {
    Path file = directory.resolve("strange.key");
    writeKey(file);
    return file;
  }

  /** Options of a node in it. */
  public NodeOptions options(String node) {
    return NodeOptions.cluster(name)
        .name(node)
        .registry(registry())
        .keyFile(keyFile())
        .bind("127.0.0.1:0")
        .advertise();
  }

  /** The words that make this program work in it. */
  public String[] words() {
    return new String[] {
      "--cluster", name, "--registry", registry(), "--key-file", keyFile().toString()
    };
  }

  /** Deletes the directory and all in it. Idempotent. */
  @Override
  public void close() {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
          Files.deleteIfExists(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(
            Path d, @org.jspecify.annotations.Nullable IOException e) throws IOException {
          Files.deleteIfExists(d);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
