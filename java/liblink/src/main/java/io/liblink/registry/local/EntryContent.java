package io.liblink.registry.local;

import io.liblink.message.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads entry files, within bounds, and removes leftover ones. Used by the registry's thread only.
 */
final class EntryContent {
  private final EntryReader reader;
  private final long uid;
  private long totalBytes;

  EntryContent(EntryReader reader, long uid) {
    this.reader = reader;
    this.uid = uid;
  }

  /**
   * Reads a file into its sighting.
   *
   * @param a what it is, looked at just before
   * @return whether the entry is another than before
   */
  boolean read(Path file, NodeId id, BasicFileAttributes a, Sighting s) {
    Entry before = s.entry();
    forget(s);
    try {
      s.content(entry(file, id, a), "", a.lastModifiedTime(), a.size());
      totalBytes += a.size();
    } catch (BadEntry e) {
      s.content(null, e.why(), a.lastModifiedTime(), a.size());
    } catch (NoSuchFileException e) {
      totalBytes += before == null ? 0 : s.size();
      s.unreadable("");
    } catch (IOException e) {
      // Out of file descriptors, a failing disk: no reason to doubt what the file said before.
      totalBytes += before == null ? 0 : s.size();
      s.unreadable("it can't be read: " + e.getMessage());
    }
    return !Objects.equals(before, s.entry());
  }

  private @Nullable Entry entry(Path file, NodeId id, BasicFileAttributes a)
      throws IOException, BadEntry {
    if (!a.isRegularFile()) {
      // Opening a pipe would wait for its other end.
      throw new BadEntry("it is not a regular file");
    }
    if (a.size() > Rules.MAX_ENTRY_BYTES) {
      throw new BadEntry("it has " + a.size() + " bytes, more than " + Rules.MAX_ENTRY_BYTES);
    }
    if (totalBytes + a.size() > Rules.MAX_TOTAL_BYTES) {
      throw new BadEntry("all entries together have more than " + Rules.MAX_TOTAL_BYTES + " bytes");
    }
    long owner = Stat.of(file).uid();
    if (owner != uid && owner != Stat.UNKNOWN) {
      throw new BadEntry("it belongs to user " + owner + ", not to user " + uid);
    }
    return reader.read(bytes(file), id);
  }

  private static byte[] bytes(Path file) throws IOException, BadEntry {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      // One more than was promised, to see a file that grew in between; no more, however it grows.
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.min(channel.size(), Rules.MAX_ENTRY_BYTES) + 1);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // read on
      }
      if (!buffer.hasRemaining()) {
        throw new BadEntry("it grew while it was read: entries are put in place whole");
      }
      byte[] bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return bytes;
    }
  }

  /** Its bytes no longer count. */
  void forget(Sighting s) {
    totalBytes -= s.entry() == null ? 0 : s.size();
  }

  /**
   * Removes a leftover file, unless it has changed since it was judged. Its name was given to one
   * node run only, so no other node can lose its file by this.
   *
   * @return whether it is gone
   */
  boolean remove(Path file, Sighting s) {
    try {
      if (!Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).equals(s.modified())) {
        return false;
      }
      return Files.deleteIfExists(file);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
