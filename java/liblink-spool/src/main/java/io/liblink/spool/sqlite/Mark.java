package io.liblink.spool.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code accepted}: the last number that a caller was told. A log whose end was cut off
 * looks like one that was never longer; this is the witness that it was. Written after each sync of
 * the store and before callers are told, so it never says too much; not synced itself, so that after
 * a loss of power it may say too little. One line of fixed length, written in place: it needs no room
 * on a full disk. Used by the writer alone.
 */
final class Mark implements Closeable {
  private static final System.Logger LOG = System.getLogger(Mark.class.getName());
  static final long UNKNOWN = -1;

  private static final Pattern LINE = Pattern.compile("accepted ([0-9]{19})\n");

  /** Not a channel: an interrupt would close that. */
  private final RandomAccessFile file;

  private boolean failed;

  private Mark(RandomAccessFile file) {
    this.file = file;
  }

  /** The number in that file; {@link #UNKNOWN} when it is not there or not readable. */
  static long read(Path path) throws IOException {
    try {
      String text = Files.readString(path, StandardCharsets.ISO_8859_1);
      Matcher line = LINE.matcher(text);
      if (line.matches()) {
        return Long.parseLong(line.group(1));
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} is not readable and is made anew: whether accepted items were lost can''t be told",
          path);
      return UNKNOWN;
    } catch (NoSuchFileException e) {
      return UNKNOWN;
    }
  }

  static Mark open(Path path, long number) throws IOException {
    Home.makeFile(path);
    Mark mark = new Mark(new RandomAccessFile(path.toFile(), "rw"));
    try {
      mark.write(line(number));
      mark.file.getFD().sync();
      return mark;
    } catch (IOException e) {
      mark.file.close();
      throw e;
    }
  }

  /** Tells that everything up to this number is kept. A failure is logged: the item itself is safe. */
  void accepted(long number) {
    try {
      write(line(number));
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        LOG.log(System.Logger.Level.WARNING, "the file accepted of a spool can't be written", e);
      }
      failed = true;
    }
  }

  private void write(byte[] line) throws IOException {
    file.seek(0);
    file.write(line);
  }

  private static byte[] line(long number) {
    return String.format(Locale.ROOT, "accepted %019d\n", number)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    try {
      file.getFD().sync();
    } finally {
      file.close();
    }
  }
}
