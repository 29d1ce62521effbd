package io.liblink.bench.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds now. Needs Linux.
 *
 * @param heap bytes in use after full collections
 * @param resident bytes of memory
 * @param threads of the JVM
 * @param files open files, sockets among them
 */
record Footprint(long heap, long resident, int threads, int files) {
  private static final int PAGE = 4096;

  static Footprint now() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      String[] memory = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return new Footprint(
          runtime.totalMemory() - runtime.freeMemory(),
          Long.parseLong(memory[1]) * PAGE,
          ManagementFactory.getThreadMXBean().getThreadCount(),
          (int) files.count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
