package io.liblink.bench.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes and the machine used so far, from {@code /proc}. Linux only. */
final class Usage {
  /** The kernel's unit of CPU time; 100 on every Linux that matters. */
  private static final double TICKS_PER_SECOND = 100;

  private Usage() {}

  /** CPU seconds of a process; 0 when it is gone. */
  static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  static double cpuSeconds(List<Long> pids) {
    return pids.stream().mapToDouble(Usage::cpuSeconds).sum();
  }

  /** Resident bytes of a process; 0 when it is gone. */
  static long residentBytes(long pid) {
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

  /** CPU seconds of the whole machine. */
  static Machine machine() throws IOException {
    String[] f = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElseThrow()
        .trim()
        .split(" +");
    double busy = 0;
    for (int i : new int[] {1, 2, 3, 6, 7}) { // user, nice, system, irq, softirq
      busy += Double.parseDouble(f[i]);
    }
    return new Machine(busy / TICKS_PER_SECOND, Double.parseDouble(f[8]) / TICKS_PER_SECOND);
  }

  /**
   * CPU seconds since the machine started.
   *
   * @param busy spent by all processes
   * @param stolen by the host
   */
  record Machine(double busy, double stolen) {}
}
