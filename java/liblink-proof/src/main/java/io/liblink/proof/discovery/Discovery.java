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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Processes that are started at once: more would take each other's time. */
  private static final int AT_ONCE = 3;

  /** A call that took less was not held up by an instance that stood still: to notice that takes longer. */
  private static final double HUNG_MILLIS = 700;

  /**
   * How much of it.
   *
   * @param perSecond calls
   * @param instances to begin with, and between the parts
   * @param most instances to scale up to
   * @param kills instances to kill, one after another
   * @param stops how long an instance stands still, one time after another
   * @param outage how long the registry is away
   * @param quiet time without any change: before the first part, and after each
   * @param parameters of the registry's URI
   * @param skipped parts that are left out
   */
  public record Size(
      int perSecond,
      int instances,
      int most,
      int kills,
      List<Duration> stops,
      Duration outage,
      Duration quiet,
      String parameters,
      Set<String> skipped) {
    /** With what registries do by default. */
    public static final Size FULL = new Size(
        1000,
        5,
        10,
        5,
        List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(40)),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        "",
        Set.of());

    /** For every build: what is the same with every registry is done with one of them. */
    public static Size brief(Registry kind) {
      Set<String> skipped = switch (kind) {
        case LOCAL -> Set.of("rolling-restart");
        case CONSUL -> Set.of("scale");
        case ETCD -> Set.of("rolling-restart", "scale", "instance-stopped");
      };
      return new Size(
          250,
          3,
          4,
          1,
          List.of(Duration.ofSeconds(3)),
          Duration.ofSeconds(3),
          Duration.ofMillis(300),
          "?ttl=2s",
          skipped);
    }
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
        try (Run run = new Run(arena, "local:" + local, null)) {
          return run.run();
        }
      }
      try (RegistryServer server = RegistryServer.start(kind, arena.path("server"));
          Run run = new Run(arena, server.uri(size.parameters()), server)) {
        return run.run();
      }
    }
  }

  /** One run, with what it has. */
  private final class Run implements AutoCloseable {
    private final Arena arena;
    private final String uri;
    private final @Nullable RegistryServer server;
    private final Fleet fleet;
    private final Node caller;
    private final RemoteService service;
    private @Nullable Traffic calling;
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final Book between = new Book("between the parts");

    Run(Arena arena, String uri, @Nullable RegistryServer server) throws Exception {
      this.arena = arena;
      this.uri = uri;
      this.server = server;
      this.fleet = new Fleet(arena, uri);
      this.caller = arena.join("caller", o -> o.registry(uri));
      this.service = caller.service("work");
    }

    Findings run() throws Exception {
      fleet.start(size.instances());
      service.awaitReady(size.instances(), PATIENCE);
      Traffic traffic = new Traffic(service, size.perSecond(), between);
      calling = traffic;
      findings.note(kind.scheme(), Book.columns());
      rest();
      part("steady", traffic, this::steady);
      part("rolling-restart", traffic, this::rollingRestart);
      part("scale", traffic, this::scale);
      RegistryServer its = server;
      if (its != null) {
        part("registry-outage", traffic, book -> outage(its));
        part("registry-wiped", traffic, book -> wiped(its));
      }
      part("instance-stopped", traffic, this::stopped);
      part("instance-killed", traffic, this::killed);
      if (its != null) {
        part("killed-in-outage", traffic, book -> killedInOutage(book, its));
      }
      judge(traffic.turnTo(new Book("the end")));
      return findings;
    }

    @Override
    public void close() {
      Traffic its = calling;
      if (its != null) {
        its.close();
      }
      caller.close();
    }

    private void part(String name, Traffic traffic, Deed deed) throws Exception {
      if (size.skipped().contains(name)) {
        return;
      }
      Book book = new Book(name);
      progress.accept(name);
      traffic.turnTo(book);
      deed.run(book);
      rest();
      traffic.turnTo(between);
      findings.note(name, book.toString());
      notes.forEach((what, seen) -> findings.note(name + ": " + what, seen));
      notes.clear();
      judge(book);
    }

    private void judge(Book book) {
      findings.must(book.failed() == 0, "no call fails: " + book.failed() + ": " + book.failures());
      findings.must(book.isComplete(), "every call of " + book.part() + " ends");
      findings.must(book.replies() > 0, "calls are made in " + book.part());
    }

    private void rest() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(size.quiet().toNanos());
    }

    private void note(String what, Object seen) {
      notes.put(what, seen.toString());
    }

    // ---- what the caller's node knows ----

    private boolean isReady(String name) {
      return service.instances().stream().anyMatch(i -> i.ready() && i.node().equals(name));
    }

    /** Whether it gets no share of the calls any more, for whatever reason. */
    private boolean isLeftAlone(String name) {
      return service.explain().instances().stream()
          .noneMatch(p -> p.instance().node().equals(name)
              && p.step().compareTo(Explanation.Step.BALANCED) >= 0);
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
          throw new TimeoutException("not within " + PATIENCE.toSeconds() + " s: " + what + "; "
              + service.explain().summary());
        }
        if (!told && waited > TELL_NANOS) {
          told = true;
          progress.accept("still waiting: " + what + "; " + service.explain().summary());
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      return (System.nanoTime() - event) / 1e6;
    }

    // ---- the parts ----

    private void steady(Book book) throws Exception {
      rest();
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
      Times left = new Times();
      Times gone = new Times();
      int met = 0;
      for (int i = 0; i < size.kills(); i++) {
        ChildJvm victim = fleet.take();
        long at = System.nanoTime();
        victim.kill();
        left.add(await("it is left alone", at, () -> isLeftAlone(victim.name())));
        gone.add(await("it is gone from the view", at, () -> !isReady(victim.name())));
        met += metAfter(book, at).size();
        Fleet.awaitCalled(fleet.start(1).get(0));
      }
      note("until it is left alone", left);
      note("until the registry says so", gone);
      note("calls that met the dead and went elsewhere", met);
    }

    private void stopped(Book book) throws Exception {
      Map<Duration, Stops> seen = new LinkedHashMap<>();
      for (Duration time : size.stops()) {
        stop(book, time, seen.computeIfAbsent(time, k -> new Stops()));
      }
      seen.forEach((time, stops) -> {
        String so = time.toSeconds() + " s";
        note(so + ", until it is left alone", stops.left);
        note(so + ", until the registry says so", stops.gone);
        note("going on after " + so + ", until it is called again", stops.back);
        note(so + ": calls that hung on it and went elsewhere", stops.calls);
      });
    }

    private void stop(Book book, Duration time, Stops seen) throws Exception {
      ChildJvm victim = fleet.oldest();
      long at = System.nanoTime();
      victim.freeze();
      boolean gone = false;
      boolean left = false;
      while (System.nanoTime() - at < time.toNanos()) {
        if (!left && isLeftAlone(victim.name())) {
          left = true;
          seen.left.add((System.nanoTime() - at) / 1e6);
        }
        if (!gone && !isReady(victim.name())) {
          gone = true;
          seen.gone.add((System.nanoTime() - at) / 1e6);
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      long on = System.nanoTime();
      List<Book.Call> hung =
          metAfter(book, at).stream().filter(c -> c.millis() > HUNG_MILLIS).toList();
      victim.resume();
      seen.back.add(await("it is called again", on, () -> book.hasReplyOf(victim.name(), on)));
      await("all are there", on, this::isConfirmed);
      seen.calls += hung.size();
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
        note("age of the view at the end, as stated", Times.text(old.age().toNanos() / 1e6));
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
      double left = await("it is left alone", at, () -> isLeftAlone(victim.name()));
      rest();
      note("until it is left alone", Times.text(left));
      note("calls that met the dead and went elsewhere", metAfter(book, at).size());
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

    /** What stops of one length showed. */
    private static final class Stops {
      private final Times left = new Times();
      private final Times gone = new Times();
      private final Times back = new Times();
      private int calls;
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
