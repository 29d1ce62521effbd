package io.liblink.cli.command;

import io.liblink.cli.args.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream as bytes, without the line feeds. Not thread-safe. */
final class Lines {
  private static final int MOST_BYTES = 64 << 20;

  private final InputStream in;
  private final String source;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int end;

  /** Of {@code in}, which is called {@code source} when something is wrong with it. */
  Lines(InputStream in, String source) {
    this.in = in;
    this.source = source;
  }

  /**
   * The next line, empty ones included, or null after the last. Waits for no more than the line: what
   * is there is given out at once.
   *
   * @throws UsageException when it has more than 64 MiB
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = null;
    while (true) {
      for (int i = at; i < end; i++) {
        if (buffer[i] == '\n') {
          byte[] whole = take(line, i);
          at = i + 1;
          return whole;
        }
      }
      if (at < end) {
        line = line == null ? new ByteArrayOutputStream() : line;
        line.write(buffer, at, end - at);
        if (line.size() > MOST_BYTES) {
          throw new UsageException(
              "a line of " + source + " has more than the largest message, 64 MiB");
        }
      }
      at = 0;
      end = Math.max(0, in.read(buffer));
      if (end == 0) {
        return line == null ? null : line.toByteArray();
      }
    }
  }

  /** Whether the next line can be had without waiting for the stream. */
  boolean ready() throws IOException {
    for (int i = at; i < end; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return in.available() > 0;
  }

  private byte[] take(@Nullable ByteArrayOutputStream begun, int to) {
    if (begun == null) {
      return java.util.Arrays.copyOfRange(buffer, at, to);
    }
    begun.write(buffer, at, to - at);
    return begun.toByteArray();
  }
}
