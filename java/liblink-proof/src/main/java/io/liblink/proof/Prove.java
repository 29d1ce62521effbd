package io.liblink.proof;

import io.liblink.proof.books.Findings;
import io.liblink.proof.pubsub.PubsubCuts;
import io.liblink.proof.pubsub.SlowSubscriber;
import io.liblink.proof.pubsub.SlowSubscriber.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs one proof and prints what was counted; ends with 1 when a promise was broken. */
public final class Prove {
  /** One proof, in its short or its whole form. */
  @FunctionalInterface
  private interface Proof {
    Findings run(boolean brief, List<String> words, Consumer<String> progress) throws Exception;
  }

  private static final Map<String, Proof> PROOFS = proofs();

  private Prove() {}

  private static Map<String, Proof> proofs() {
    Map<String, Proof> proofs = new LinkedHashMap<>();
    proofs.put(
        "pubsub-cuts",
        (brief, words, progress) ->
            new PubsubCuts(brief ? PubsubCuts.Size.SHORT : PubsubCuts.Size.FULL, progress).run());
    for (Kind kind : Kind.values()) {
      proofs.put(
          "slow-subscriber-" + kind.name().toLowerCase(Locale.ROOT),
          (brief, words, progress) -> new SlowSubscriber(
                  kind,
                  brief ? SlowSubscriber.Size.SHORT : SlowSubscriber.Size.full(seconds(words, 600)),
                  progress)
              .run());
    }
    return proofs;
  }

  private static Duration seconds(List<String> words, long otherwise) {
    return Duration.ofSeconds(words.isEmpty() ? otherwise : Long.parseLong(words.get(0)));
  }

  /** {@code [--short] NAME [SECONDS]}. */
  public static void main(String[] args) throws Exception {
    boolean brief = args.length > 0 && args[0].equals("--short");
    List<String> words = Arrays.asList(args).subList(brief ? 1 : 0, args.length);
    Proof proof = words.isEmpty() ? null : PROOFS.get(words.get(0));
    if (proof == null) {
      System.err.println(
          "usage: prove [--short] NAME [SECONDS]; names: " + String.join(", ", PROOFS.keySet()));
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
