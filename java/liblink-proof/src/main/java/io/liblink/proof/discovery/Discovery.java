package io.liblink.proof.discovery;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.proof.books.Findings;
import io.liblink.proof.process.Arena;
import io.liblink.proof.process.ChildJvm;
import io.liblink.proof.process.Facts;
import io.liblink.registry.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Steady idempotent calls to a handful of processes that come, go, die and stand still, and to a registry that fails and
 * forgets. No call may fail, and it is counted how long each change takes to be noticed.
 */
public final class Discovery {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long LOOK_MILLIS = 2;

  /** Calls that were due a little before an event can be on their way when it happens. */
  private static final long BEFORE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Who waits for longer says what it waits for. */
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(12);

  /** Processes that are started at once: more would take each other's time. */
  private static final int AT_ONCE = 3;

  /** Attempts that hung for less than this met an instance that was gone, not one that stood still. */
  private static final double HUNG_MILLIS = 100;

  /**
   * How much of it.
   *
   * @param perSecond calls
   * @param instances to begin with, and between the parts
   * @param most instances to scale up to
   * @param kills instances to kill, one after another
   * @param stops how long an instance stands still, one time after another
   * @param outage how long the registry is away
   * @param quiet seconds without any change: before the first part, and between those that follow
   * @param parameters of the registry's URI
   */
  public record Size(
      int perSecond,
      int instances,
      int most,
      int kills,
      List<Duration> stops,
      Duration outage,
      int quiet,
      String parameters) {
    /** For every build. */
    public static final Size SHORT =
        new Size(250, 3, 4, 1, List.of(Duration.ofSeconds(3)), Duration.ofSeconds(3), 0, "?ttl=3s");

    /** With what registries do by default. */
    public static final Size FULL = new Size(
        1000,
        5,
        10,
        5,
        List.of(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(40)),
        Duration.ofSeconds(60),
        10,
        "");
  }

  /** Something that is done while calls go on. */
  private interface Deed {
    void run(Book book) throws Exception;
  }

  private final Registry kind;
  private final Size size;
  private final Consumer<String> progress;
  private final Findings findings = new Findings();

  /** One run. */
  public Discovery(Registry kind, Size size, Consumer<String> progress) {
    this.kind = kind;
    this.size = size;
    this.progress = progress;
  }

  /** Runs it. */
  public Findings run() throws Exception {
    try (Arena arena = new Arena("discovery", Duration.ofMinutes(30))) {
      if (!kind.hasServer()) {
        Path local = arena.path("registry");
        return new Run(arena, "local:" + local, null).run();
      }
      try (RegistryServer server = RegistryServer.start(kind, arena.path("server"))) {
        return new Run(arena, server.uri(size.parameters()), server).run();
      }
    }
  }

  /** One run, with what it has. */
  private final class Run {
    private final Arena arena;
    private final String uri;
    private final @Nullable RegistryServer server;
    private final Fleet fleet;
    private final Node caller;
    private final RemoteService service;
    private final Traffic traffic;
    private final Book between = new Book("between the parts");

    Run(Arena arena, String uri, @Nullable RegistryServer server) throws Exception {
      this.arena = arena;
      this.uri = uri;
      this.server = server;
      this.fleet = new Fleet(arena, uri);
      fleet.start(size.instances());
      this.caller = arena.join("caller", o -> o.registry(uri));
      this.service = caller.service("work");
      service.awaitReady(size.instances(), PATIENCE);
      this.traffic = new Traffic(service, size.perSecond());
      traffic.turnTo(between);
    }

    Findings run() throws Exception {
      findings.note(kind.scheme(), Book.columns());
      rest();
      part("steady", this::steady);
      part("rolling-restart", this::rollingRestart);
      part("scale", this::scale);
      RegistryServer its = server;
      if (its != null) {
        part("registry-outage", book -> outage(its));
        part("registry-wiped", book -> wiped(its));
      }
      part("instance-stopped", this::stopped);
      part("instance-killed", this::killed);
      if (its != null) {
        part("killed-in-outage", book -> killedInOutage(book, its));
      }
      judge(traffic.turnTo(new Book("the end")));
      traffic.close();
      caller.close();
      return findings;
    }

    private void part(String name, Deed deed) throws Exception {
      Book book = new Book(name);
      progress.accept(name);
      traffic.turnTo(book);
      deed.run(book);
      rest();
      traffic.turnTo(between);
      findings.note(name, book.toString());
      judge(book);
    }

    private void judge(Book book) {
      findings.must(book.failed() == 0, "no call fails: " + book.failed() + ": " + book.failures());
    }

    private void rest() throws InterruptedException {
      TimeUnit.SECONDS.sleep(Math.max(1, size.quiet()));
    }

    private void note(String what, Object seen) {
      findings.note("  " + what, seen.toString());
    }

    // ---- what the caller's node knows ----

    private boolean isReady(String name) {
      return service.instances().stream().anyMatch(i -> i.ready() && i.node().equals(name));
    }

    private int ready() {
      return (int) service.instances().stream().filter(Instance::ready).count();
    }

    private boolean isConfirmed() {
      return service.explain().problem().isEmpty() && ready() == fleet.size();
    }

    /** Waits until that holds; returns how long after the event that was, in milliseconds. */
    private double await(String what, long event, BooleanSupplier condition)
        throws InterruptedException, TimeoutException {
      long start = System.nanoTime();
      boolean told = false;
      while (!condition.getAsBoolean()) {
        long waited = System.nanoTime() - start;
        if (waited > PATIENCE.toNanos()) {
          throw new TimeoutException(
              "not within " + PATIENCE.toSeconds() + " s: " + what + "; " + service.explain());
        }
        if (!told && waited > TELL_NANOS) {
          told = true;
          progress.accept("still waiting: " + what + "; " + service.explain());
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      return (System.nanoTime() - event) / 1e6;
    }

    // ---- the parts ----

    private void steady(Book book) throws Exception {
      TimeUnit.SECONDS.sleep(size.quiet());
    }

    private void rollingRestart(Book book) throws Exception {
      Leaving leaving = new Leaving();
      Times called = new Times();
      for (int i = 0; i < size.instances(); i++) {
        leaving.add(fleet.leave());
        called.add(Fleet.awaitCalled(fleet.start(1).get(0)));
      }
      leaving.tell();
      note("announced, until the first call", called);
    }

    private void scale(Book book) throws Exception {
      Leaving leaving = new Leaving();
      Times called = new Times();
      while (fleet.size() > 1) {
        leaving.add(fleet.leave());
      }
      while (fleet.size() < size.most()) {
        for (ChildJvm fresh : fleet.start(Math.min(AT_ONCE, size.most() - fleet.size()))) {
          called.add(Fleet.awaitCalled(fresh));
        }
      }
      rest();
      while (fleet.size() > 1) {
        leaving.add(fleet.leave());
      }
      while (fleet.size() < size.instances()) {
        called.add(Fleet.awaitCalled(fleet.start(1).get(0)));
      }
      leaving.tell();
      note("announced, until the first call", called);
    }

    private void killed(Book book) throws Exception {
      Times met = new Times();
      Times gone = new Times();
      for (int i = 0; i < size.kills(); i++) {
        ChildJvm victim = fleet.take();
        long at = System.nanoTime();
        victim.kill();
        gone.add(await("it is gone from the view", at, () -> !isReady(victim.name())));
        met.add(Book.lastAfter(metAfter(book, at), at));
        Fleet.awaitCalled(fleet.start(1).get(0));
      }
      note("killed, until the last call that met it", met);
      note("killed, until the registry says so", gone);
    }

    private void stopped(Book book) throws Exception {
      for (Duration time : size.stops()) {
        ChildJvm victim = fleet.oldest();
        long at = System.nanoTime();
        victim.freeze();
        String gone = "no";
        while (System.nanoTime() - at < time.toNanos()) {
          if (gone.equals("no") && !isReady(victim.name())) {
            gone = Times.text((System.nanoTime() - at) / 1e6);
          }
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        long on = System.nanoTime();
        List<Book.Call> hung = book.where(
            c -> c.attempt() > 1 && c.millis() > HUNG_MILLIS && c.due() - at > -BEFORE_NANOS);
        victim.resume();
        double back = await("it is called again", on, () -> book.hasReplyOf(victim.name(), on));
        await("all are there", on, this::isConfirmed);
        String stop = "stopped for " + time.toSeconds() + " s";
        note(stop + ", until the last call that hung on it", Times.text(Book.lastAfter(hung, at)));
        note(stop + ": calls that hung on it, and went elsewhere", hung.size());
        note(stop + ", until the registry says so", gone);
        note("going on, until it is called again", Times.text(back));
      }
    }

    private void outage(RegistryServer its) throws Exception {
      try (Lowest lowest = new Lowest(this::ready)) {
        long at = System.nanoTime();
        its.kill();
        double noticed = await(
            "the view has a problem", at, () -> !service.explain().problem().isEmpty());
        TimeUnit.NANOSECONDS.sleep(size.outage().toNanos() - (System.nanoTime() - at));
        Explanation old = service.explain();
        its.run();
        long answers = System.nanoTime();
        double confirmed = await("the view is confirmed", answers, this::isConfirmed);
        note("registry gone, until the view says so", Times.text(noticed));
        note("age of the view at the end, as stated", Times.text(old.age().toMillis()));
        note("registry answers, until the view is confirmed", Times.text(confirmed));
        findings.must(
            old.age().compareTo(size.outage().dividedBy(2)) > 0,
            "the age of the view is stated: " + old.age() + ", " + old.problem());
        lowest.judge();
      }
    }

    /** Nobody tells the caller that an instance died: it finds out by itself. */
    private void killedInOutage(Book book, RegistryServer its) throws Exception {
      its.kill();
      rest();
      ChildJvm victim = fleet.take();
      long at = System.nanoTime();
      victim.kill();
      rest();
      note(
          "killed, until the last call that met it",
          Times.text(Book.lastAfter(metAfter(book, at), at)));
      its.run();
      Fleet.awaitCalled(fleet.start(1).get(0));
    }

    private List<Book.Call> metAfter(Book book, long at) {
      return book.where(c -> c.attempt() > 1 && c.due() - at > -BEFORE_NANOS);
    }

    private void wiped(RegistryServer its) throws Exception {
      try (Lowest lowest = new Lowest(this::ready)) {
        its.kill();
        its.wipe();
        its.run();
        long answers = System.nanoTime();
        try (Node fresh = arena.join("fresh", o -> o.registry(uri))) {
          fresh.service("work").awaitReady(fleet.size(), PATIENCE);
          note(
              "empty registry answers, until all are announced again",
              Times.text((System.nanoTime() - answers) / 1e6));
        }
        double confirmed = await("the view is confirmed", answers, this::isConfirmed);
        note("empty registry answers, until the view is confirmed", Times.text(confirmed));
        lowest.judge();
      }
    }

    /** What those that left in good order tell of it. */
    private final class Leaving {
      private final Times last = new Times();
      private final Times took = new Times();

      void add(Facts went) {
        last.add(went.number("last") / 1e6);
        took.add(went.number("took") / 1e6);
      }

      void tell() {
        note("close(), until the last request there", last);
        note("close(), until it returns", took);
      }
    }

    /** How few instances were ready in the caller's view at any time. */
    private final class Lowest implements AutoCloseable {
      private final Thread thread;
      private volatile boolean closed;
      private volatile int lowest = Integer.MAX_VALUE;

      Lowest(IntSupplier ready) {
        this.thread = new Thread(
            () -> {
              while (!closed) {
                lowest = Math.min(lowest, ready.getAsInt());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
              }
            },
            "lowest");
        thread.setDaemon(true);
        thread.start();
      }

      void judge() {
        close();
        findings.must(
            lowest == fleet.size(),
            "every instance stays in the view: " + lowest + " of " + fleet.size());
      }

      @Override
      public void close() {
        closed = true;
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
