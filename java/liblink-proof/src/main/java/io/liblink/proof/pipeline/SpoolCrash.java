package io.liblink.proof.pipeline;

import io.liblink.proof.books.Deliveries;
import io.liblink.proof.books.Findings;
import io.liblink.proof.books.Ledger;
import io.liblink.proof.process.Arena;
import io.liblink.proof.process.ChildJvm;
import io.liblink.proof.process.Facts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A producer with a spool on disk is killed with SIGKILL again and again, at random moments: while it opens the spool,
 * while it sends what it found there, while it pushes. Every item that {@code push} accepted must come to a worker,
 * under the id that its receipt said; what comes twice must be marked.
 */
public final class SpoolCrash {
  private static final int WORKERS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Every so many kills one comes while the process starts, at any moment of it. */
  private static final int KILL_EARLY = 4;

  /**
   * How much of it.
   *
   * @param longest a producer pushes at most so long before it is killed
   * @param delayMillis a worker takes at most so long for an item, so that items are left when the producer dies
   * @param drain how long the last producer has to send what is left
   */
  public record Size(int kills, Duration longest, int delayMillis, Duration drain) {
    /** For a look, and for every build. */
    public static final Size SHORT =
        new Size(4, Duration.ofMillis(1200), 20, Duration.ofMinutes(1));

    /** The whole of it. */
    public static final Size FULL = new Size(20, Duration.ofSeconds(3), 20, Duration.ofMinutes(2));
  }

  private final Size size;
  private final Consumer<String> progress;
  private final long seed;
  private final Random random;
  private final List<Path> accepted = new ArrayList<>();
  private final List<Path> delivered = new ArrayList<>();
  private int runs;
  private int early;
  private long first;
  private long recovered;

  /** One run; the seed says when who is killed. */
  public SpoolCrash(Size size, long seed, Consumer<String> progress) {
    this.size = size;
    this.seed = seed;
    this.random = new Random(seed);
    this.progress = progress;
  }

  /** Runs it. */
  public Findings run() throws Exception {
    Duration life = size.longest().plus(PATIENCE).multipliedBy(size.kills()).plus(size.drain());
    try (Arena arena = new Arena("spool", life)) {
      List<ChildJvm> workers = new ArrayList<>();
      for (int i = 1; i <= WORKERS; i++) {
        Path ledger = arena.path("worker-" + i + ".ledger");
        delivered.add(ledger);
        workers.add(arena.start(
            "worker-" + i,
            LastStageRole.class,
            Facts.of("ledger", ledger, "service", "work", "delay", size.delayMillis()),
            "-Xmx256m"));
      }
      for (ChildJvm worker : workers) {
        worker.awaitReady(PATIENCE);
      }
      for (int i = 1; i <= size.kills(); i++) {
        pushAndKill(arena);
      }
      Facts left = drain(arena);
      ChildJvm again = producer(arena);
      long kept = again.ask("recovered", PATIENCE).number("items");
      again.kill();
      workers.forEach(ChildJvm::close);
      return judge(left, kept);
    }
  }

  private ChildJvm producer(Arena arena) throws IOException {
    String name = "producer-" + ++runs;
    Path ledger = arena.path(name + ".ledger");
    accepted.add(ledger);
    Facts told = Facts.of("spool", arena.path("spool"), "ledger", ledger, "first", first);
    return arena.start(name, SpoolingRole.class, told, "-Xmx256m", "-XX:TieredStopAtLevel=1");
  }

  private void pushAndKill(Arena arena) throws Exception {
    ChildJvm producer = producer(arena);
    if (runs % KILL_EARLY == 0) {
      // It starts, opens the spool and sends what it finds there: some of that, or all.
      Thread.sleep(random.nextInt(1500));
      early += producer.isReady() ? 0 : 1;
      producer.kill();
      progress.accept("producer " + runs + " killed early");
      return;
    }
    long found = producer.awaitReady(PATIENCE).ask("recovered", PATIENCE).number("items");
    recovered += found;
    producer.ask("push", PATIENCE);
    Thread.sleep(1 + random.nextInt((int) size.longest().toMillis()));
    Facts failed = producer.ask("failed", PATIENCE);
    producer.kill();
    if (failed.number("pushes") > 0) {
      throw new IOException("pushing failed in producer " + runs + ": see its log");
    }
    long[] last = {first - 1};
    long[] count = {0};
    Ledger.read(accepted.get(runs - 1), e -> {
      last[0] = Math.max(last[0], e.value());
      count[0]++;
    });
    progress.accept(
        "producer " + runs + " found " + found + " items, had " + count[0] + " accepted, killed");
    first = last[0] + 1 + SpoolingRole.UNWRITTEN;
  }

  private Facts drain(Arena arena) throws Exception {
    ChildJvm producer = producer(arena);
    long found = producer.awaitReady(PATIENCE).ask("recovered", PATIENCE).number("items");
    recovered += found;
    progress.accept("the last producer found " + found + " items, and sends them");
    Facts left = producer.ask("drain " + size.drain().toSeconds(), size.drain().plus(PATIENCE));
    producer.close();
    return left;
  }

  private Findings judge(Facts left, long kept) throws IOException {
    int values = Math.toIntExact(first);
    Deliveries deliveries = new Deliveries(values, true);
    for (Path ledger : delivered) {
      Ledger.read(ledger, deliveries::add);
    }
    long[] counts = new long[3]; // accepted, lost, under another id
    for (Path ledger : accepted) {
      Ledger.read(ledger, e -> {
        counts[0]++;
        if (!deliveries.has((int) e.value())) {
          counts[1]++;
        } else if (!deliveries.hasAs((int) e.value(), e.item())) {
          counts[2]++;
        }
      });
    }
    Findings findings = new Findings();
    findings.note("seed", Long.toString(seed));
    findings.count("producers killed", size.kills());
    findings.count("of these while they started", early);
    findings.count("items that push accepted", counts[0]);
    findings.count("found in the spool, over all starts", recovered);
    findings.count("accepted and lost", counts[1]);
    findings.count(
        "delivered, killed before push returned", deliveries.distinct() - counts[0] + counts[1]);
    findings.count("left in the spool at the end", kept);
    deliveries.judge(findings, "workers");
    findings.must(counts[0] > 0, "items are accepted");
    findings.must(recovered > 0, "items are left behind by those that are killed");
    findings.must(counts[1] == 0, "nothing that was accepted is lost");
    findings.must(counts[2] == 0, "workers see the id that the receipt said");
    findings.must(
        left.number("waiting") + left.number("in-flight") == 0, "the last producer sends all");
    findings.must(kept == 0, "what was acknowledged is gone from the spool");
    return findings;
  }
}
