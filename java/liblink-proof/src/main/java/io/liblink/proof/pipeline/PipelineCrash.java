package io.liblink.proof.pipeline;

import io.liblink.proof.books.Deliveries;
import io.liblink.proof.books.Findings;
import io.liblink.proof.books.Ledger;
import io.liblink.proof.books.Pace;
import io.liblink.proof.process.Arena;
import io.liblink.proof.process.ChildJvm;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One producer, two stages of three workers each, all processes of their own; a worker of either stage is killed with
 * SIGKILL again and again, and replaced. Nothing may be lost; what comes twice must be marked.
 */
public final class PipelineCrash {
  private static final int WORKERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int TELL_EVERY = 10;

  /**
   * How much of it.
   *
   * @param killEvery one worker
   * @param killAfter but not before so many more receipts are done, however slow the machine is
   * @param most the longest that it may take
   */
  public record Size(int items, Duration killEvery, int killAfter, Duration most) {
    /** For a look, and for every build. */
    public static final Size SHORT =
        new Size(50_000, Duration.ofMillis(300), 4000, Duration.ofMinutes(4));

    /** The whole of it. */
    public static final Size FULL =
        new Size(1_000_000, Duration.ofSeconds(1), 0, Duration.ofMinutes(30));
  }

  /** A stage: which ledgers its workers wrote, and who works there now. */
  private record Stage(
      String name, Class<? extends Role> role, List<Path> ledgers, List<ChildJvm> workers) {
    Stage(String name, Class<? extends Role> role) {
      this(name, role, new ArrayList<>(), new ArrayList<>());
    }
  }

  private final Size size;
  private final Consumer<String> progress;
  private final long seed;
  private final Random random;
  private final List<Stage> stages = List.of(
      new Stage("stage-one", FirstStageRole.class), new Stage("stage-two", LastStageRole.class));
  private int kills;

  /** One run; the seed says who is killed. */
  public PipelineCrash(Size size, long seed, Consumer<String> progress) {
    this.size = size;
    this.seed = seed;
    this.random = new Random(seed);
    this.progress = progress;
  }

  /** Runs it. */
  public Findings run() throws Exception {
    try (Arena arena = new Arena("pipeline", size.most().plus(PATIENCE))) {
      ChildJvm source =
          arena.start("source", SourceRole.class, Facts.of("items", size.items()), "-Xmx512m");
      for (Stage stage : stages) {
        for (int i = 0; i < WORKERS; i++) {
          start(arena, stage);
        }
      }
      for (Stage stage : stages) {
        for (ChildJvm worker : stage.workers()) {
          worker.awaitReady(PATIENCE);
        }
      }
      long start = System.nanoTime();
      source.ask("push", PATIENCE);
      Facts end = killUntilDone(arena, source);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      for (Stage stage : stages) {
        for (ChildJvm worker : stage.workers()) {
          worker.kill(); // what is in the ledgers now is all
        }
      }
      return judge(end, millis);
    }
  }

  private void start(Arena arena, Stage stage) throws IOException {
    String name = stage.name() + "-" + (stage.ledgers().size() + 1);
    Path ledger = arena.path(name + ".ledger");
    stage.ledgers().add(ledger);
    stage
        .workers()
        .add(arena.start(
            name,
            stage.role(),
            Facts.of("ledger", ledger, "service", stage.name()),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1"));
  }

  private Facts killUntilDone(Arena arena, ChildJvm source) throws Exception {
    long end = System.nanoTime() + size.most().toNanos();
    Pace pace = new Pace(1e9 / size.killEvery().toNanos());
    long doneAtKill = 0;
    while (true) {
      pace.await();
      Facts now = source.ask("progress", PATIENCE);
      boolean all = now.number("done") + now.number("failed") == size.items();
      if (all || !now.text("problem").equals("none") || end - System.nanoTime() < 0) {
        return now;
      }
      if (now.number("done") - doneAtKill >= size.killAfter() && killOne(arena)) {
        doneAtKill = now.number("done");
        if (kills % TELL_EVERY == 0) {
          progress.accept(kills + " killed; " + now);
        }
      }
    }
  }

  /** One that is ready: whoever is killed while it starts had nothing to lose. */
  private boolean killOne(Arena arena) throws Exception {
    List<ChildJvm> ready = new ArrayList<>();
    for (Stage stage : stages) {
      for (ChildJvm worker : stage.workers()) {
        if (worker.isReady()) {
          ready.add(worker);
        }
      }
    }
    if (ready.isEmpty()) {
      return false;
    }
    ChildJvm victim = ready.get(random.nextInt(ready.size()));
    victim.kill();
    kills++;
    for (Stage stage : stages) {
      if (stage.workers().remove(victim)) {
        start(arena, stage);
      }
    }
    return true;
  }

  private Findings judge(Facts end, long millis) throws IOException {
    Findings findings = new Findings();
    findings.note("seed", Long.toString(seed));
    findings.count("items pushed", end.number("pushed"));
    findings.count("workers killed", kills);
    findings.count("milliseconds", millis);
    findings.count("receipts done", end.number("done"));
    findings.count("receipts failed", end.number("failed"));
    findings.count("dead letters", end.number("dead"));
    findings.count("receipts with more than one attempt", end.number("repeated"));
    findings.must(kills > 0, "workers are killed");
    findings.must(end.number("pushed") == size.items(), "every item is accepted");
    findings.must(end.number("done") == size.items(), "every receipt is done well");
    for (Stage stage : stages) {
      Deliveries deliveries = new Deliveries(size.items(), stage == stages.get(0));
      for (Path ledger : stage.ledgers()) {
        Ledger.read(ledger, deliveries::add);
      }
      deliveries.judge(findings, stage.name());
      long lost = size.items() - deliveries.distinct();
      findings.count(stage.name() + ": lost", lost);
      findings.must(lost == 0, "nothing is lost at " + stage.name());
    }
    return findings;
  }
}
