package io.liblink.pipeline;

import io.liblink.work.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * The runners of a queue: how many there are, when more are wanted, and who is stuck. Never more than
 * the queue's concurrency, items that finish later included. Guarded by the queue's lock.
 */
final class Crew {
  /** What waits is to be begun within this, if more runners can bring that about. */
  private static final long SOON_NANOS = 100_000;

  private final WorkQueue queue;
  private final int most;
  private final Pace pace;
  private final List<Runner> runners = new ArrayList<>();

  /** Runners, and items that are finished later. */
  private int busy;

  /** Runners that took nothing yet. */
  private int starting;

  /** Runners that began nothing between two looks. */
  private int stuck;

  Crew(WorkQueue queue, int most, Pace pace) {
    this.queue = queue;
    this.most = most;
    this.pace = pace;
  }

  int busy() {
    return busy;
  }

  /**
   * Those to be started, now that so many items wait: for short workers as few as can begin with them
   * soon, since one that has work costs less than two that wait for some.
   */
  List<Runner> wanted(int waiting) {
    long wanted = (long) waiting - starting;
    if (pace.isShort()) {
      long enough = Math.max(1, waiting * pace.averageNanos() / SOON_NANOS);
      wanted = Math.min(wanted, enough - (runners.size() - stuck));
    }
    wanted = Math.min(wanted, most - busy);
    if (wanted <= 0) {
      return List.of();
    }
    List<Runner> made = new ArrayList<>();
    for (long i = wanted; i > 0; i--) {
      made.add(new Runner(queue));
    }
    runners.addAll(made);
    busy += made.size();
    starting += made.size();
    return made;
  }

  /** The runner comes for items. */
  void comes(Runner runner) {
    starting -= runner.isStarting() ? 1 : 0;
    stuck -= runner.wasStuck() ? 1 : 0;
  }

  /** The runner ends, after it came. */
  void ends(Runner runner) {
    runners.remove(runner);
    busy--;
  }

  /**
   * The runner's item is finished later, and counts until then.
   *
   * @return whether the runner may go on beside it; otherwise it has ended
   */
  boolean finishesLater(Runner runner) {
    if (busy < most) {
      busy++;
      return true;
    }
    runners.remove(runner);
    stuck -= runner.wasStuck() ? 1 : 0;
    return false;
  }

  /** An item that was to be finished later is. */
  void finished() {
    busy--;
  }

  /** Whether somebody should look after them. */
  boolean isWorthLooking(int waiting) {
    return (waiting > 0 && busy < most && pace.isShort())
        || runners.stream().anyMatch(Runner::isWatched);
  }

  /** Those that got stuck since the last look. */
  List<Runner> stuck() {
    List<Runner> found = runners.stream().filter(Runner::gotStuck).toList();
    stuck += found.size();
    return found;
  }
}
