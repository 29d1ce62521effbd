package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** Reads the text of a key file, which is small. */
final class KeyText {
  static final int MAX_BYTES = 4096;

  private KeyText() {}

  static String read(Path file, Set<OpenOption> options) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file, options)) {
      ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES + 1);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until the end or one byte too many
      }
      if (!buffer.hasRemaining()) {
        throw new ClusterKeyException(
            Reason.MALFORMED,
            file + " is larger than " + MAX_BYTES + " bytes, so it is no key file: it holds one"
                + " cluster key on a line, two while keys are rotated");
      }
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }
  }

  static ClusterKeyException unreadable(Path file, IOException e) {
    return new ClusterKeyException(
        Reason.UNREADABLE, "the key file " + file + " cannot be read: " + words(e), e);
  }

  /** What the system said, without the path where it would stand twice. */
  static String words(IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.file.FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return String.valueOf(e.getMessage());
  }
}
