package io.liblink.registry.consul;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real Consul that tests run: what {@code scripts/servers/consul --quick} finds. Without one,
 * tests are skipped, unless {@code LIBLINK_REQUIRE_SERVERS=1} says that they must not be.
 */
final class ConsulBinary {
  private static final ConsulBinary FOUND = find();
  private static final int SECONDS = 120;

  private final String path;
  private final String version;
  private final String missing;

  private ConsulBinary(String path, String version, String missing) {
    this.path = path;
    this.version = version;
    this.missing = missing;
  }

  /** It; skips the test, or fails it, when there is none. */
  static ConsulBinary required() {
    if (!FOUND.missing.isEmpty()) {
      if ("1".equals(System.getenv("LIBLINK_REQUIRE_SERVERS"))) {
        throw new AssertionError("no Consul to test with: " + FOUND.missing);
      }
      System.err.println("SKIPPED, there is no Consul to test with: " + FOUND.missing);
      assumeTrue(false, FOUND.missing);
    }
    return FOUND;
  }

  String path() {
    return path;
  }

  /** Whether it is of that version of 1.x, or newer. */
  boolean isAtLeast(int minor) {
    return Integer.parseInt(version.split("\\.")[1]) >= minor;
  }

  @Override
  public String toString() {
    return "Consul " + version;
  }

  /** What a command prints, both streams; it must succeed. */
  static String run(List<String> command, Path directory) {
    try {
      Path out = Files.createTempFile("consul", ".out");
      try {
        Process process = new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
          throw new IllegalStateException(command + " failed: " + text);
        }
        return text;
      } finally {
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ConsulBinary find() {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.exists(root.resolve("scripts/servers/consul"))) {
      root = root.getParent();
    }
    if (root == null) {
      return new ConsulBinary("", "", "run the tests inside the repository");
    }
    try {
      String said = run(List.of("scripts/servers/consul", "--quick"), root);
      String path = said.strip().lines().reduce("", (a, b) -> b);
      String version = run(List.of(path, "version"), root)
          .lines()
          .findFirst()
          .orElse("")
          .replace("Consul v", "");
      return new ConsulBinary(path, version, "");
    } catch (RuntimeException e) {
      return new ConsulBinary("", "", String.valueOf(e.getMessage()));
    }
  }
}
