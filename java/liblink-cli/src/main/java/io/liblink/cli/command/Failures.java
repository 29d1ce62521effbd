package io.liblink.cli.command;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Says what failed: the problem, then where and how far it had come, then where to read on. */
public final class Failures {
  private static final int REMOTE = 64;

  private Failures() {}

  /** The exit code of a remote outcome. */
  public static int exitCode(LinkException failure) {
    return REMOTE + failure.status().code();
  }

  /** For people. */
  public static void say(Console console, LinkException failure) {
    console.problem(console.paint().red("liblink: " + failure.status()) + ": " + failure.problem());
    console.problem(console.paint().dim("  " + circumstances(failure)));
    console.problem(
        console.paint().dim("  'liblink errors " + failure.status() + "' has causes and cures"));
  }

  /** {@code at connect, instance a@1f, address 1.2.3.4:5, 2 attempts, after 3 ms; the handler …}. */
  static String circumstances(LinkException failure) {
    StringBuilder s = new StringBuilder("at ").append(stage(failure));
    if (failure.instance() != null) {
      s.append(", instance ").append(failure.instance());
    }
    if (failure.address() != null) {
      s.append(", address ").append(failure.address());
    }
    if (failure.attempts() > 0) {
      s.append(", ").append(Figures.count(failure.attempts(), "attempt"));
    }
    if (!failure.elapsed().isZero()) {
      s.append(", after ").append(Figures.time(failure.elapsed()));
    }
    if (failure.instance() == null && failure.stage() == Stage.WAIT) {
      return s.toString(); // nobody was asked
    }
    return s.append(
            switch (failure.ran()) {
              case NO -> "; the handler did not run";
              case MAYBE -> "; the handler may have run";
              case YES -> "; the handler ran";
            })
        .toString();
  }

  /** For programs. */
  public static String json(LinkException failure) {
    return new Json().line(map(failure));
  }

  static Map<String, Object> map(LinkException failure) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("status", failure.status().name());
    object.put("code", failure.status().code());
    object.put("problem", failure.problem());
    object.put("stage", stage(failure));
    object.put("ran", failure.ran().name().toLowerCase(Locale.ROOT));
    if (failure.instance() != null) {
      object.put("instance", failure.instance());
    }
    if (failure.address() != null) {
      object.put("address", failure.address());
    }
    object.put("attempts", failure.attempts());
    object.put("elapsedMicros", failure.elapsed().toNanos() / 1000);
    return object;
  }

  private static String stage(LinkException failure) {
    return failure.stage().name().toLowerCase(Locale.ROOT);
  }
}
