package io.liblink.proof.pubsub;

import io.liblink.proof.books.Findings;
import io.liblink.proof.process.Arena;
import io.liblink.proof.process.ChildJvm;
import io.liblink.proof.process.Facts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One subscriber of many stops reading. The others must miss nothing, and the heap of the publisher must stay flat;
 * how fast the others are with and without it is counted, in rounds: so long at an even pace, for the latency, then a
 * burst as fast as the others take it.
 *
 * <p>The publisher, the victim and all the others together are a process each; every subscriber is a node with a link
 * of its own.
 */
public final class SlowSubscriber {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How the victim stops. */
  public enum Kind {
    /** SIGSTOP: its system still takes bytes until buffers are full, nobody answers. */
    STOPPED,
    /** Its handler never returns; its link is well. */
    BLOCKED
  }

  /**
   * How much of it.
   *
   * @param subscribers with the victim
   * @param bytes of a message
   * @param keep messages of the topic's tail
   * @param perSecond messages published at an even pace
   * @param pacedMillis of each round
   * @param burst messages at full speed at the end of each round
   * @param healthyRounds before the victim stops
   * @param sickRounds after
   * @param heapKib the heap may grow by so much meanwhile
   */
  public record Size(
      int subscribers,
      int bytes,
      int keep,
      int perSecond,
      int pacedMillis,
      int burst,
      int healthyRounds,
      int sickRounds,
      long heapKib) {
    /** For a look, and for every build: more than the tail is published while the victim stands still. */
    public static final Size SHORT = new Size(12, 1024, 1000, 1000, 500, 5000, 1, 4, 6 << 10);

    /** Two minutes with all well, then so long with one that stands still. */
    public static Size full(Duration sick) {
      int rounds = (int) Math.max(1, sick.toSeconds() / 10);
      return new Size(50, 256, 16_384, 500, 9000, 5000, 12, rounds, 6 << 10);
    }
  }

  /** What one round showed; times in microseconds. */
  private record Round(
      long received, long p50, long p99, long max, long burstPerSecond, long heapKib) {}

  private final Kind kind;
  private final Size size;
  private final Consumer<String> progress;

  /** One run. */
  public SlowSubscriber(Kind kind, Size size, Consumer<String> progress) {
    this.kind = kind;
    this.size = size;
    this.progress = progress;
  }

  /** Runs it. */
  public Findings run() throws Exception {
    int rounds = size.healthyRounds() + size.sickRounds();
    Duration life = Duration.ofMinutes(5).plusMillis(rounds * (size.pacedMillis() + 20_000L));
    try (Arena arena = new Arena("slow", life)) {
      ChildJvm feed = arena.start(
          "feed", FeedRole.class, Facts.of("bytes", size.bytes(), "keep", size.keep()), "-Xmx128m");
      feed.awaitReady(PATIENCE);
      ChildJvm victim = arena.start("victim", CrowdRole.class, Facts.of("nodes", 1), "-Xmx128m");
      ChildJvm crowd = arena.start(
          "crowd", CrowdRole.class, Facts.of("nodes", size.subscribers() - 1), "-Xmx1g");
      victim.awaitReady(PATIENCE);
      crowd.awaitReady(PATIENCE);
      return new Run(feed, victim, crowd).run();
    }
  }

  /** One run, with the processes that it has. */
  private final class Run {
    private final ChildJvm feed;
    private final ChildJvm victim;
    private final ChildJvm crowd;
    private final Findings findings = new Findings();

    Run(ChildJvm feed, ChildJvm victim, ChildJvm crowd) {
      this.feed = feed;
      this.victim = victim;
      this.crowd = crowd;
    }

    Findings run() throws Exception {
      feed.ask("subscribers " + size.subscribers(), PATIENCE);
      burst(size.keep() + size.burst()); // the tail is full before anything is measured
      crowd.ask("sample", PATIENCE);
      List<Round> healthy = rounds("with all well", size.healthyRounds());
      long before = feed.ask("state", PATIENCE).number("published");
      if (kind == Kind.STOPPED) {
        victim.freeze();
      } else {
        victim.ask("block", PATIENCE);
      }
      List<Round> sick = rounds("with one " + kind, size.sickRounds());
      Facts state = feed.ask("state", PATIENCE);
      if (kind == Kind.STOPPED) {
        victim.resume();
      } else {
        victim.ask("release", PATIENCE);
      }
      long published = state.number("published");
      boolean complete =
          awaitTotal(victim, 1, published) && awaitTotal(crowd, size.subscribers() - 1, published);
      findings.must(complete, "every subscriber comes to the end of what was published");
      findings.note("one of " + size.subscribers(), kind.toString());
      findings.count("published", published);
      findings.count("of these while one stood still", published - before);
      findings.count("subscribers that the publisher saw at the end", state.number("subscribers"));
      findings.count("how far the one that stood still was behind", state.number("victim-lag"));
      judgeMessages(published);
      judgeRounds(healthy, sick);
      return findings;
    }

    private List<Round> rounds(String how, int count) throws Exception {
      List<Round> rounds = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        Round r = round();
        rounds.add(r);
        progress.accept(String.format(
            Locale.ROOT,
            "%s, round %d of %d: %,d received, p50 %,d µs, p99 %,d µs, at most %,d µs;"
                + " burst %,d messages/s; heap %,d KiB, resident %,d KiB",
            how,
            i,
            count,
            r.received,
            r.p50,
            r.p99,
            r.max,
            r.burstPerSecond,
            r.heapKib,
            feed.residentKib()));
      }
      return rounds;
    }

    private Round round() throws Exception {
      Duration patience = PATIENCE.plusMillis(size.pacedMillis());
      long published = feed.ask("paced " + size.perSecond() + " " + size.pacedMillis(), patience)
          .number("published");
      awaitTotal(crowd, size.subscribers() - 1, published);
      Facts sample = crowd.ask("sample", PATIENCE);
      long perSecond = burst(size.burst());
      crowd.ask("sample", PATIENCE);
      return new Round(
          sample.number("received"),
          sample.number("p50"),
          sample.number("p99"),
          sample.number("max"),
          perSecond,
          feed.ask("heap", PATIENCE).number("kib"));
    }

    /** Publishes so many at once; returns how many a second reached all of the crowd. */
    private long burst(int count) throws Exception {
      long start = System.nanoTime();
      long published = feed.ask("burst " + count, PATIENCE).number("published");
      awaitTotal(crowd, size.subscribers() - 1, published);
      return count * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }

    private boolean awaitTotal(ChildJvm who, int subscribers, long published)
        throws IOException, InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        Facts totals = who.ask("totals", PATIENCE);
        if (totals.number("received") + totals.number("missed") >= subscribers * published) {
          return true;
        }
        if (end - System.nanoTime() < 0) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }

    private void judgeMessages(long published) throws Exception {
      long others = size.subscribers() - 1L;
      Facts those = crowd.ask("totals", PATIENCE);
      Facts that = victim.ask("totals", PATIENCE);
      findings.count("received by the others", those.number("received"));
      findings.count("missed by the others", those.number("missed"));
      findings.count("received by the one", that.number("received"));
      findings.count("missed by the one, told in gaps", that.number("missed"));
      findings.count("gaps of the one", that.number("gaps"));
      findings.must(
          those.number("received") == others * published, "the others receive every message");
      findings.must(those.number("missed") == 0, "the others miss nothing");
      findings.must(
          that.number("received") + that.number("missed") == published,
          "the one receives or is told of every message");
      findings.must(that.number("missed") > 0, "the one misses what was not kept for it");
      for (Facts totals : List.of(those, that)) {
        findings.must(totals.number("wrong") == 0, "all come in order and once");
        findings.must(
            totals.number("counted") == totals.number("received") + totals.number("missed"),
            "subscriptions count what they hand over");
      }
    }

    private void judgeRounds(List<Round> healthy, List<Round> sick) {
      compare("p50 in µs", healthy, sick, Round::p50);
      compare("p99 in µs", healthy, sick, Round::p99);
      compare("burst, messages/s to each", healthy, sick, Round::burstPerSecond);
      compare("heap of the publisher in KiB", healthy, sick, Round::heapKib);
      long base = healthy.stream().mapToLong(Round::heapKib).max().orElse(0);
      long most = sick.stream().mapToLong(Round::heapKib).max().orElse(0);
      findings.count("heap of the publisher grew by KiB", most - base);
      findings.must(
          most - base <= size.heapKib(),
          "the heap of the publisher grows by at most " + size.heapKib() + " KiB");
    }

    private void compare(
        String what, List<Round> healthy, List<Round> sick, ToLongFunction<Round> number) {
      findings.note(what + ", all well: median (least to most)", spread(healthy, number));
      findings.note(what + ", one " + kind + ": median (least to most)", spread(sick, number));
    }

    private String spread(List<Round> rounds, ToLongFunction<Round> number) {
      long[] sorted = rounds.stream().mapToLong(number).sorted().toArray();
      return String.format(
          Locale.ROOT,
          "%,d (%,d to %,d)",
          sorted[sorted.length / 2],
          sorted[0],
          sorted[sorted.length - 1]);
    }
  }
}
