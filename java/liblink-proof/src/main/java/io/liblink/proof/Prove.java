package io.liblink.proof;

import io.liblink.proof.books.Findings;
import io.liblink.proof.discovery.Discovery;
import io.liblink.proof.discovery.Registry;
import io.liblink.proof.pipeline.PipelineCrash;
import io.liblink.proof.pipeline.SpoolCrash;
import io.liblink.proof.pubsub.PubsubCuts;
import io.liblink.proof.pubsub.SlowSubscriber;
import io.liblink.proof.pubsub.SlowSubscriber.Kind;
import io.liblink.proof.schedule.PipelineSchedule;
import io.liblink.proof.schedule.PubsubSchedule;
import io.liblink.proof.schedule.Schedules;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs one proof and prints what was counted; ends with 1 when a promise was broken. */
public final class Prove {
  /** One proof, in its short or its whole form. */
  @FunctionalInterface
  private interface Proof {
    Findings run(boolean brief, List<String> words, Consumer<String> progress) throws Exception;
  }

  private static final Logger LIBRARY =
      Logger.getLogger("io.liblink"); // held, or its level is lost
  private static final Map<String, Proof> PROOFS = proofs();

  private Prove() {}

  private static Map<String, Proof> proofs() {
    Map<String, Proof> proofs = new LinkedHashMap<>();
    proofs.put(
        "pipeline-crash",
        (brief, words, progress) -> new PipelineCrash(
                brief ? PipelineCrash.Size.SHORT : PipelineCrash.Size.FULL,
                number(words, System.nanoTime()),
                progress)
            .run());
    proofs.put(
        "spool-crash",
        (brief, words, progress) -> new SpoolCrash(
                brief ? SpoolCrash.Size.SHORT : SpoolCrash.Size.FULL,
                number(words, System.nanoTime()),
                progress)
            .run());
    proofs.put("pubsub-cuts", (brief, words, progress) -> {
      quiet();
      return new PubsubCuts(brief ? PubsubCuts.Size.SHORT : PubsubCuts.Size.FULL, progress).run();
    });
    for (Kind kind : Kind.values()) {
      proofs.put(
          "slow-subscriber-" + kind.name().toLowerCase(Locale.ROOT),
          (brief, words, progress) -> new SlowSubscriber(
                  kind,
                  brief
                      ? SlowSubscriber.Size.SHORT
                      : SlowSubscriber.Size.full(Duration.ofSeconds(number(words, 600))),
                  progress)
              .run());
    }
    for (Registry registry : Registry.values()) {
      proofs.put(
          "discovery-" + registry.name().toLowerCase(Locale.ROOT), (brief, words, progress) -> {
            quiet();
            return new Discovery(
                    registry,
                    brief ? Discovery.Size.brief(registry) : Discovery.Size.FULL,
                    progress)
                .run();
          });
    }
    proofs.put("pubsub-schedules", schedules("pubsub", new PubsubSchedule()));
    proofs.put("pipeline-schedules", schedules("pipeline", new PipelineSchedule()));
    return proofs;
  }

  private static Proof schedules(String name, Schedules.Schedule schedule) {
    return (brief, words, progress) -> {
      quiet();
      int runs = brief ? Schedules.SHORT : (int) number(words, 500);
      Findings findings = new Findings();
      Schedules.run(name, runs, schedule, progress).forEach(findings::count);
      return findings;
    };
  }

  /** What is broken on purpose need not be logged, by the thousand, in the process that breaks it. */
  private static void quiet() {
    LIBRARY.setLevel(Level.OFF);
  }

  private static long number(List<String> words, long otherwise) {
    return words.isEmpty() ? otherwise : Long.parseLong(words.get(0));
  }

  /** {@code [--short] NAME [NUMBER]}. */
  public static void main(String[] args) throws Exception {
    boolean brief = args.length > 0 && args[0].equals("--short");
    List<String> words = Arrays.asList(args).subList(brief ? 1 : 0, args.length);
    Proof proof = words.isEmpty() ? null : PROOFS.get(words.get(0));
    if (proof == null) {
      System.err.println("usage: prove [--short] NAME [seconds, seed or schedules]; names: "
          + String.join(", ", PROOFS.keySet()));
      System.exit(2);
      return;
    }
    long start = System.nanoTime();
    Findings findings = proof.run(
        brief, words.subList(1, words.size()), line -> System.err.println(since(start) + line));
    System.out.print(findings);
    System.out.println(since(start) + (findings.broken().isEmpty() ? "kept" : "BROKEN"));
    System.exit(findings.broken().isEmpty() ? 0 : 1); // whatever threads are left
  }

  private static String since(long start) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s: ";
  }
}
