package io.liblink.bench.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What processes and the machine used so far, from {@code /proc}. Linux only. */
public final class Usage {
  /** The kernel's unit of CPU time; 100 on every Linux that matters. */
  private static final double TICKS_PER_SECOND = 100;

  private Usage() {}

  /** CPU seconds of a process; 0 when it is gone. */
  public static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Resident bytes of a process; 0 when it is gone. */
  public static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  static long residentBytes(List<Long> pids) {
    return pids.stream().mapToLong(Usage::residentBytes).sum();
  }

  /**
   * CPU seconds of each process there is. Better than the kernel's sum for the machine, which counts
   * a processor that halts and wakes thousands of times a second as busy.
   */
  static Map<Long, Double> everyone() throws IOException {
    Map<Long, Double> byPid = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        byPid.put(pid, cpuSeconds(pid));
      }
    }
    return byPid;
  }

  /** CPU seconds that the host took from this machine since it started. */
  static double stolenSeconds() throws IOException {
    String total = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElseThrow();
    return Double.parseDouble(total.split(" +")[8]) / TICKS_PER_SECOND;
  }
}
