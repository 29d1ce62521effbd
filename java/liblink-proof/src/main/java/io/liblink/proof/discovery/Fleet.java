package io.liblink.proof.discovery;

import io.liblink.proof.process.Arena;
import io.liblink.proof.process.ChildJvm;
import io.liblink.proof.process.Facts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The instances, the longest there first: a process each. For one thread. */
final class Fleet {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long LOOK_MILLIS = 5;

  private final Arena arena;
  private final String uri;
  private final Deque<ChildJvm> members = new ArrayDeque<>();
  private int started;

  Fleet(Arena arena, String uri) {
    this.arena = arena;
    this.uri = uri;
  }

  /** Starts so many at once, and waits until they have announced themselves. */
  List<ChildJvm> start(int count) throws IOException, InterruptedException {
    List<ChildJvm> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fresh.add(arena.start(
          "instance-" + ++started,
          InstanceRole.class,
          Facts.of("discover", uri),
          "-Xmx64m",
          "-Xss512k",
          "-XX:TieredStopAtLevel=1"));
    }
    for (ChildJvm member : fresh) {
      members.add(member.awaitReady(PATIENCE));
    }
    return fresh;
  }

  /** Waits until that one is called; returns how long after it was announced that was, in milliseconds. */
  static double awaitCalled(ChildJvm member) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Facts facts = member.ask("called", PATIENCE);
      if (facts.number("first") != 0) {
        return (facts.number("first") - facts.number("announced")) / 1e6;
      }
      if (end - System.nanoTime() < 0) {
        throw new IOException(member.name() + " is never called");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Has the oldest leave in good order, and end; tells how that went. */
  Facts leave() throws IOException, InterruptedException {
    ChildJvm oldest = take();
    Facts went = oldest.ask("leave", PATIENCE);
    oldest.close();
    return went;
  }

  /** The oldest, which is none of them any more. */
  ChildJvm take() {
    return members.remove();
  }

  /** The oldest, which stays. */
  ChildJvm oldest() {
    return members.element();
  }

  int size() {
    return members.size();
  }
}
