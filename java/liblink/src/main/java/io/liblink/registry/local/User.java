package io.liblink.registry.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process acts for. */
final class User {
  private User() {}

  /** The number that owns the files this process makes; {@link Stat#UNKNOWN} where there is none. */
  static long uid() {
    if (!Stat.isUnix()) {
      return Stat.UNKNOWN;
    }
    try {
      return ofStatus(Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1));
    } catch (IOException | RuntimeException e) {
      return ofNewFile();
    }
  }

  /** {@code Uid: real effective saved filesystem}: the last owns new files. */
  private static long ofStatus(String status) {
    int at = status.indexOf("\nUid:");
    String line = status.substring(at + 5, status.indexOf('\n', at + 5)).trim();
    return Long.parseLong(line.substring(line.lastIndexOf('\t') + 1));
  }

  private static long ofNewFile() {
    try {
      Path file = Files.createTempFile("liblink", ".uid");
      try {
        return Stat.of(file).uid();
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      return Stat.UNKNOWN;
    }
  }
}
