package io.liblink.cli.command;

import io.liblink.cli.command.CheckCommand.Report;
import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import java.time.Instant;

/** What can be looked at without joining: java, the key, the clock by itself. */
final class MachineCheck {
  private static final int LEAST_JAVA = 17;
  private static final Instant EARLIEST = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2049-12-01T00:00:00Z");

  private final Invocation call;
  private final Report report;

  MachineCheck(Invocation call, Report report) {
    this.call = call;
    this.report = report;
  }

  void run() {
    java(Runtime.version().feature());
    key();
    clock(call.time().now());
  }

  void java(int feature) {
    String what =
        "Java " + System.getProperty("java.version") + " in " + System.getProperty("java.home");
    if (feature < LEAST_JAVA) {
      report.fail("java", what, "liblink needs Java 17 or newer");
    } else if (feature < 21) {
      report.ok("java", what + "; blocking handlers use a bounded pool (virtual threads: 21)");
    } else {
      report.ok("java", what + "; blocking handlers run on virtual threads");
    }
  }

  private void key() {
    Settings settings = call.settings();
    try {
      KeySource.Loaded loaded;
      String where;
      if (settings.keyInEnvironment() != null) {
        loaded = KeySource.literal(settings.keyInEnvironment()).reload();
        where = "LIBLINK_KEY";
      } else {
        KeyFile file = KeyFile.of(settings);
        if (!file.exists() && settings.keyFile() == null) {
          report.warn(
              "key",
              "none yet; the first node would make " + file.path(),
              "to join a cluster that exists, copy that file from a machine that is in it");
          return;
        }
        loaded = file.read();
        where = file.path().toString();
      }
      ClusterKey signs = loaded.keys().get(0);
      report.ok("key", signs.fingerprint() + " from " + where);
      loaded.warnings().forEach(w -> report.warn("key", w, ""));
    } catch (ClusterKeyException e) {
      report.fail("key", String.valueOf(e.getMessage()), "");
    }
  }

  void clock(Instant now) {
    if (now.isBefore(EARLIEST) || now.isAfter(LATEST)) {
      report.fail(
          "clock",
          "the machine believes it is " + now,
          "set the date: certificates are only valid around the right one");
    }
  }
}
