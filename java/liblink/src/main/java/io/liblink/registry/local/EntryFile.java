package io.liblink.registry.local;

import io.liblink.message.NodeId;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file of this node. Not thread-safe: one caller at a time. */
final class EntryFile {
  private static final Set<OpenOption> OPEN = Set.of(
      StandardOpenOption.WRITE,
      StandardOpenOption.CREATE,
      StandardOpenOption.TRUNCATE_EXISTING,
      LinkOption.NOFOLLOW_LINKS);

  private final ClusterDirectory directory;
  private final Path path;
  private final Path temporary;
  private final TimeSource clock;
  private long lastMillis;

  EntryFile(ClusterDirectory directory, NodeId id, TimeSource clock) {
    this.directory = directory;
    this.path = directory.path().resolve(Entry.fileName(id));
    this.temporary = directory.path().resolve(Entry.temporaryName(id));
    this.clock = clock;
  }

  Path path() {
    return path;
  }

  /** Puts the whole content in place at once, in a directory that is made or checked before. */
  void write(byte[] bytes) throws IOException {
    directory.make();
    try {
      FileAttribute<?>[] attributes = Stat.isUnix()
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];
      try (SeekableByteChannel channel = Files.newByteChannel(temporary, OPEN, attributes)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      Files.setLastModifiedTime(temporary, nextTime());
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(e);
      throw e;
    }
  }

  /** Renews it. */
  void beat() throws IOException {
    Files.setLastModifiedTime(path, nextTime());
  }

  /** Removes it, if it is there. */
  void remove() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(temporary);
  }

  String words(String what, IOException e) {
    return directory.words(what, e);
  }

  /**
   * Now, but never the time that the file had last: readers know by its time that it changed. After
   * the clock was set back, time simply goes on from there.
   */
  private FileTime nextTime() {
    long now = clock.wallMillis();
    lastMillis = now > lastMillis || now < lastMillis - 1000 ? now : lastMillis + 1;
    return FileTime.fromMillis(lastMillis);
  }

  private void discard(IOException cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
