package io.liblink.proof.process;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.identity.key.ClusterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where a proof takes place: a directory, a cluster of its own in it, and the processes that were started. All is gone
 * when it is closed; {@code -Dliblink.proof.keep=true} keeps the directory, for a look at books and logs. Thread-safe.
 */
public final class Arena implements AutoCloseable {
  private final Path directory;
  private final long lifeSeconds;
  private final List<ChildJvm> children = new CopyOnWriteArrayList<>();

  /**
   * Makes one.
   *
   * @param life no process of it lives longer, whatever happens
   */
  public Arena(String proof, Duration life) throws IOException {
    this.directory = Files.createTempDirectory("liblink-proof-" + proof + "-");
    this.lifeSeconds = life.toSeconds();
    Files.createDirectory(
        registry(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createFile(
        key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key(), ClusterKey.generate().text() + "\n");
    Files.createDirectory(directory.resolve("tmp"));
  }

  private Path registry() {
    return directory.resolve("registry");
  }

  private Path key() {
    return directory.resolve("cluster.key");
  }

  /** A file or directory of that name, which is gone with the arena. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  /**
   * Starts a process; it need not be ready yet.
   *
   * @param flags of its JVM, beside those that all have
   */
  public ChildJvm start(String name, Class<? extends Role> role, Facts told, String... flags)
      throws IOException {
    List<String> jvm = new ArrayList<>(List.of(
        "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + directory.resolve("tmp")));
    jvm.addAll(List.of(flags));
    Facts all = Facts.of("name", name, "registry", registry(), "key", key()).and(told);
    ChildJvm child = ChildJvm.start(
        name,
        ChildJvm.command(jvm, List.of(role.getName(), Long.toString(lifeSeconds), all.toString())),
        directory.resolve(name + ".log"));
    children.add(child);
    return child;
  }

  /** Joins the cluster in this process; who asks closes the node. */
  public Node join(String name, UnaryOperator<NodeOptions> change) {
    return new Part(Facts.of("registry", registry(), "key", key())).join(name, change);
  }

  /** Ends every process and deletes the directory. Idempotent. */
  @Override
  public void close() {
    children.forEach(ChildJvm::close);
    if (Boolean.getBoolean("liblink.proof.keep") || !Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not tidy up " + directory, e);
    }
  }
}
