package io.liblink.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The program's three streams: data goes to standard output, narration to standard error. Data is
 * flushed after every call, so that a reader of the pipe sees it at once. Thread-safe.
 */
public final class Console {
  private final InputStream in;
  private final OutputStream data;
  private final OutputStream narration;
  private final boolean inIsTerminal;
  private final boolean dataIsTerminal;
  private final Paint dataPaint;
  private final Paint narrationPaint;
  private volatile boolean quiet;

  /**
   * Over these streams.
   *
   * @param terminals which of them end at a terminal: contains {@code 0} for the input, {@code 1} for
   *     data, {@code 2} for narration
   * @param colours whether terminals get colours
   */
  public Console(
      InputStream in,
      OutputStream data,
      OutputStream narration,
      String terminals,
      boolean colours) {
    this.in = in;
    this.data = new BufferedOutputStream(data, 8192);
    this.narration = narration;
    this.inIsTerminal = terminals.contains("0");
    this.dataIsTerminal = terminals.contains("1");
    this.dataPaint = new Paint(colours && dataIsTerminal);
    this.narrationPaint = new Paint(colours && terminals.contains("2"));
  }

  /** Leaves out narration from now on; problems are still said. */
  public void quiet() {
    quiet = true;
  }

  /** Standard input. */
  public InputStream in() {
    return in;
  }

  /** Whether a person types the input. */
  public boolean inIsTerminal() {
    return inIsTerminal;
  }

  /** Whether a person looks at the data. */
  public boolean dataIsTerminal() {
    return dataIsTerminal;
  }

  /** Colours for data. */
  public Paint dataPaint() {
    return dataPaint;
  }

  /** Colours for narration. */
  public Paint paint() {
    return narrationPaint;
  }

  /** Writes a line of data. */
  public void line(String text) {
    text(text + "\n");
  }

  /** Writes data as it is. */
  public void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes data as it is.
   *
   * @throws BrokenPipe when nobody reads any more
   */
  public void bytes(byte[] bytes) {
    synchronized (data) {
      try {
        data.write(bytes);
        data.flush();
      } catch (IOException e) {
        throw new BrokenPipe();
      }
    }
  }

  /** Tells the person at the terminal something, unless told to be quiet. */
  public void say(String text) {
    if (!quiet) {
      problem(text);
    }
  }

  /** Tells the person at the terminal what went wrong, always. */
  public void problem(String text) {
    synchronized (narration) {
      try {
        narration.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        narration.flush();
      } catch (IOException e) {
        // there is nobody left to tell
      }
    }
  }
}
