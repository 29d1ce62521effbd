package io.liblink.cli.command;

import io.liblink.cli.output.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The table of {@code spec/errors.json}: every status, what it means and what to do. The program
 * carries the file as a resource.
 *
 * @param title one line
 * @param about what the columns mean
 * @param statuses in the order of their codes
 */
public record ErrorTable(String title, String about, List<Entry> statuses) {
  /**
   * One status.
   *
   * @param code the number on the wire
   * @param name the canonical name
   * @param meaning one sentence
   * @param retryable whether the same request may succeed later without anything being changed
   * @param causes how it comes about, most likely first
   * @param cure what to do
   */
  public record Entry(
      int code, String name, String meaning, boolean retryable, List<String> causes, String cure) {
    /** What a program exits with after this outcome. */
    public int exitCode() {
      return code == 0 ? 0 : 64 + code;
    }
  }

  /** Reads the resource. */
  public static ErrorTable load() {
    try (InputStream in = ErrorTable.class.getResourceAsStream("/io/liblink/cli/errors.json")) {
      return new Json().read(Objects.requireNonNull(in, "errors.json"), ErrorTable.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By name in any case, by code, or by exit code; null when there is none. */
  public @Nullable Entry find(String text) {
    String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (Entry e : statuses) {
      if (e.name().equals(name)
          || text.equals(Integer.toString(e.code()))
          || (e.code() > 0 && text.equals(Integer.toString(e.exitCode())))) {
        return e;
      }
    }
    return null;
  }
}
