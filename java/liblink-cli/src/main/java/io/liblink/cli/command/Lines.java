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
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int end;

  /** Of {@code in}, which is called {@code source} when something is wrong with it. */
  Lines(InputStream in, String source) {
    this.in = in;
    this.source = source;
  }

  /**
   * The next line, empty ones included, or null after the last. Waits for no more than the line.
   *
   * @throws UsageException when it has more than 64 MiB
   */
  byte @Nullable [] next() throws IOException {
    int feed = feed();
    while (feed < 0) {
      if (!fill()) {
        return begun.size() == 0 ? null : take(end);
      }
      feed = feed();
    }
    byte[] line = take(feed);
    at = feed + 1;
    return line;
  }

  /** Whether a whole line can be had without waiting for the stream. */
  boolean ready() throws IOException {
    while (feed() < 0) {
      if (in.available() == 0 || !fill()) {
        return false;
      }
    }
    return true;
  }

  /** Where the line at hand ends, or -1 when that is not in the buffer. */
  private int feed() {
    for (int i = at; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Puts aside what is in the buffer, and reads on; false at the end. */
  private boolean fill() throws IOException {
    begun.write(buffer, at, end - at);
    if (begun.size() > MOST_BYTES) {
      throw new UsageException(
          "a line of " + source + " has more than the largest message, 64 MiB");
    }
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  private byte[] take(int to) {
    begun.write(buffer, at, to - at);
    byte[] line = begun.toByteArray();
    begun.reset();
    return line;
  }
}
