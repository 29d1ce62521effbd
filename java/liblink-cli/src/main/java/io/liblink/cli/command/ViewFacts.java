package io.liblink.cli.command;

import io.liblink.Explanation;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import java.util.List;
import java.util.Map;

/**
 * Where a listing comes from.
 *
 * @param source the registry
 * @param ageMillis how long ago it confirmed what it said
 * @param problem what is wrong with it; empty when nothing is
 * @param skipped what it has under the name and is no instance that can be used
 */
record ViewFacts(
    String source, long ageMillis, String problem, List<ExplainFacts.Skipped> skipped) {
  static ViewFacts of(Explanation found) {
    return new ViewFacts(
        found.source(),
        found.age().toMillis(),
        found.problem(),
        found.skipped().stream()
            .map(s -> new ExplainFacts.Skipped(s.what(), s.reason()))
            .toList());
  }

  /** {@code consul://…, up to date}, or how old it is and why. */
  static String text(String source, long ageMillis, String problem) {
    return source
        + (problem.isEmpty()
            ? ", up to date"
            : ", " + Figures.time(ageMillis * 1_000_000) + " old: " + problem);
  }

  String text() {
    return text(source, ageMillis, problem);
  }

  /** What an object of a listing has of it. */
  void putInto(Map<String, Object> object) {
    object.put("source", source);
    object.put("ageMillis", ageMillis);
    object.put("problem", problem);
    object.put("skipped", skipped);
  }

  /** Says what of a service is no instance, and why. */
  void saySkipped(String service, Console console) {
    for (ExplainFacts.Skipped s : skipped) {
      console.say(console.paint().yellow("skipped") + " for " + service + ": " + s.what() + ": "
          + s.reason());
    }
  }
}
