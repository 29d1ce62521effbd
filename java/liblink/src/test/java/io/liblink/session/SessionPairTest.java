package io.liblink.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.testing.Gen;
import io.liblink.testing.RawFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Text;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two sessions connected in memory, with random traffic of both sides, random delays and random cuts
 * of the bytes. What travels is read by hand ({@link Tap}) and held against the protocol.
 */
class SessionPairTest {
  private static final long MILLI = 1_000_000;

  @Test
  void everyCallEndsOnceCreditIsKeptAndNothingIsLeft() {
    Gen.check(60, gen -> new Pair(gen).run(gen.between(50, 400)));
  }

  @Test
  void whenTheConnectionBreaksEveryCallEndsOnce() {
    Gen.check(40, gen -> new Pair(gen).runAndBreak(gen.between(20, 200)));
  }

  /** Both ends, the bytes between them, and the clock. */
  private static final class Pair {
    final Gen gen;
    final End a;
    final End b;
    long now = 1;

    Pair(Gen gen) {
      this.gen = gen;
      long windowA = gen.oneOf(32_768L, 40_000L, 65_536L, 262_144L);
      long windowB = gen.oneOf(32_768L, 50_000L, 262_144L);
      int streams = gen.oneOf(1, 5, 4096);
      a = new End(gen, "a", true, windowA, streams);
      b = new End(gen, "b", false, windowB, streams);
      a.other = b;
      b.other = a;
      a.session.start(now);
      b.session.start(now);
    }

    void run(int steps) {
      traffic(steps);
      boolean drain = gen.aBoolean();
      if (drain) {
        gen.oneOf(a, b).session.drain("enough");
      }
      settle();
      for (End e : List.of(a, b)) {
        assertThat(e.session.ended()).as("%s: %s", e.name, e.ended).isFalse();
        assertThat(e.session.streams()).isZero();
        assertThat(e.session.ownStreams()).isZero();
        assertThat(e.session.heldBytes()).isZero();
        assertThat(e.session.hasTransfers()).isFalse();
        assertThat(e.counters.dropped(Drop.PROTOCOL_ERROR)).isZero();
        e.checkEnded();
        e.tap.checkCreditReturned();
      }
    }

    void runAndBreak(int steps) {
      traffic(steps);
      for (End e : List.of(a, b)) {
        e.session.lost("cut", now);
        e.checkEnded();
        assertThat(e.session.streams()).isZero();
        assertThat(e.session.heldBytes()).isZero();
        assertThat(e.session.hasTransfers()).isFalse();
      }
    }

    private void traffic(int steps) {
      for (int i = 0; i < steps; i++) {
        End e = gen.oneOf(a, b);
        switch (gen.between(0, 9)) {
          case 0, 1, 2 -> e.call(now);
          case 3, 4 -> e.answer(now);
          case 5 -> e.cancelOne(now);
          case 6 -> e.grantOne();
          case 7 -> tick(gen.between(1, 30));
          default -> e.deliver(gen.between(1, 60_000), now);
        }
        e.flush(now);
      }
    }

    private void settle() {
      for (int i = 0; i < 100_000; i++) {
        boolean moved = false;
        for (End e : List.of(a, b)) {
          e.answer(now);
          e.grantOne();
          moved |= e.deliver(gen.between(1, 200_000), now);
          e.flush(now);
        }
        if (!moved && a.pipe.isEmpty() && b.pipe.isEmpty()) {
          if (a.session.streams() + b.session.streams() == 0) {
            return;
          }
          tick(50); // deadlines end what nobody answers
        }
      }
      throw new AssertionError("no end: " + a.session.streams() + " and " + b.session.streams());
    }

    private void tick(int millis) {
      now += millis * MILLI;
      a.session.tick(now);
      b.session.tick(now);
      a.flush(now);
      b.flush(now);
    }
  }

  private static final class End implements SessionEvents {
    final Gen gen;
    final String name;
    final TestOutput out = new TestOutput();
    final Counters counters = new Counters();
    final Session session;
    final Tap tap;
    final List<Call> calls = new ArrayList<>();
    final List<Work> works = new ArrayList<>();
    final ArrayDeque<byte[]> pipe = new ArrayDeque<>();
    End other;
    String ended = "";

    End(Gen gen, String name, boolean dialer, long window, int streams) {
      this.gen = gen;
      this.name = name;
      this.tap = new Tap(window);
      HelloFrame hello = new HelloFrame(
          1,
          "shop",
          name,
          new NodeId(1, 2),
          65_536,
          300_000,
          streams,
          15_000,
          window,
          0,
          "",
          Map.of());
      SessionLimits limits = new SessionLimits(
          300_000, streams, 600_000, 15_000 * MILLI, 10_000 * MILLI, 300_000 * MILLI);
      this.session = new Session(dialer, hello, limits, out, this, counters);
    }

    // ---- the bytes ----

    /** The output takes more only now and then, as a socket does. */
    void flush(long now) {
      int most = gen.between(0, 6);
      int[] taken = {0};
      session.sendFragments(() -> taken[0]++ < most, now);
      byte[] bytes = out.take();
      if (bytes.length > 0) {
        other.tap.travels(bytes, this);
        pipe.add(bytes);
      }
    }

    /** The other side's bytes come in, cut anywhere. */
    boolean deliver(int most, long now) {
      boolean moved = false;
      int left = most;
      while (left > 0 && !other.pipe.isEmpty()) {
        byte[] first = other.pipe.poll();
        int n = Math.min(left, first.length);
        session.receive(ByteBuffer.wrap(first, 0, n).slice(), now);
        if (n < first.length) {
          other.pipe.addFirst(Arrays.copyOfRange(first, n, first.length));
        }
        left -= n;
        moved = true;
      }
      return moved;
    }

    // ---- calling ----

    void call(long now) {
      if (!session.takesStreams() || session.ownStreams() >= session.peer().maxStreams()) {
        return;
      }
      long credit = gen.oneIn(3) ? gen.between(0, 5) : -1;
      Call call = new Call(credit);
      calls.add(call);
      int size = gen.oneIn(3) ? gen.between(16_385, 300_000) : gen.between(0, 16_384);
      long millis = gen.between(1, 400);
      session.open(
          call,
          new OpenFrame(
              1, 1, millis, null, credit, Text.of("a/b"), content(size, session.streams())));
      session.setDeadline(call, now + millis * MILLI, now);
    }

    void cancelOne(long now) {
      List<Call> open = calls.stream().filter(Stream::isOpen).toList();
      if (!open.isEmpty()) {
        Call call = gen.oneOf(open);
        session.cancel(call, Status.CANCELLED, now);
        call.over("cancelled");
      }
    }

    void grantOne() {
      List<Call> open = calls.stream().filter(c -> c.isOpen() && c.credit >= 0).toList();
      if (!open.isEmpty()) {
        Call call = gen.oneOf(open);
        int more = gen.between(1, 3);
        call.credit += more;
        session.credit(call, more);
      }
    }

    void checkEnded() {
      for (Call c : calls) {
        assertThat(c.ends).as("the ends of a call: %s", c.how).isEqualTo(1);
        assertThat(c.unsent).as("payload that was neither sent nor dropped").isZero();
      }
      for (Work w : works) {
        assertThat(w.unsent).isZero();
      }
    }

    // ---- serving ----

    void answer(long now) {
      List<Work> open = works.stream().filter(w -> w.isOpen() && !w.closed).toList();
      if (open.isEmpty()) {
        return;
      }
      Work work = gen.oneOf(open);
      if (work.credit > 0 && !gen.oneIn(3)) {
        work.credit--;
        work.sequence++;
        byte[] payload =
            payload(gen.oneIn(4) ? gen.between(16_385, 100_000) : gen.between(0, 900), 3);
        work.unsent += payload.length;
        session.send(
            work,
            new MessageFrame(work.sequence, null, new Content(Map.of(), Text.EMPTY, payload)));
      } else {
        work.closed = true;
        byte[] payload =
            payload(gen.oneIn(3) ? gen.between(16_385, 300_000) : gen.between(0, 900), 5);
        work.unsent += payload.length;
        session.close(work, CloseFrame.ok(new Content(Map.of(), Text.EMPTY, payload)), now);
      }
    }

    private static Content content(int size, int seed) {
      return new Content(Map.of(), Text.EMPTY, payload(size, seed));
    }

    /** Bytes that say where they belong. */
    private static byte[] payload(int size, int seed) {
      byte[] b = new byte[size];
      for (int i = 0; i < size; i++) {
        b[i] = (byte) (i * 31 + size + seed);
      }
      return b;
    }

    private static void checkPayload(byte[] b) {
      for (int i = 1; i < b.length; i++) {
        if ((byte) (b[i] - b[i - 1]) != 31) {
          throw new AssertionError("a payload that was mixed up at " + i);
        }
      }
    }

    // ---- events ----

    @Override
    public void onHello(HelloFrame peer, long now) {}

    @Override
    public void onReady(long now) {}

    @Override
    public Stream onOpen(OpenFrame open, long now) {
      checkPayload(open.content().payload());
      Work work = new Work(open.credit());
      works.add(work);
      return work;
    }

    @Override
    public void onGoAway(GoAwayFrame goAway, long now) {}

    @Override
    public void onIdle(long now) {}

    @Override
    public void onEnd(Status status, String reason, long now) {
      assertThat(ended).isEmpty();
      ended = status + " " + reason;
    }

    /** A call of this side. */
    final class Call extends Stream {
      long credit;
      long sequence;
      int ends;
      String how = "not at all";
      long unsent;

      Call(long credit) {
        this.credit = credit;
      }

      void over(String as) {
        ends++;
        how = ends == 1 ? as : how + ", " + as;
      }

      @Override
      public void run(Session on, long now) {}

      @Override
      public void abandon(String reason, long now) {}

      @Override
      protected void onItem(long number) {
        assertThat(number).isEqualTo(++sequence).isLessThanOrEqualTo(credit);
      }

      @Override
      protected void onMessage(MessageFrame message, long now) {
        assertThat(ends).isZero();
        checkPayload(message.content().payload());
      }

      @Override
      protected void onClose(CloseFrame close, long now) {
        over("closed " + close.status());
        checkPayload(close.status() == Status.OK ? close.content().payload() : new byte[0]);
      }

      @Override
      protected void onDeadline(long now) {
        session.cancel(this, Status.DEADLINE_EXCEEDED, now);
        over("late");
      }

      @Override
      protected void onLost(String reason, Ran ran, long now) {
        over("lost");
      }
    }

    /** A call of the other side. */
    final class Work extends Stream {
      long credit;
      long sequence;
      boolean closed;
      long unsent;

      Work(long credit) {
        this.credit = credit;
      }

      @Override
      public void run(Session on, long now) {}

      @Override
      public void abandon(String reason, long now) {}

      @Override
      protected void onCancel(Status reason, long now) {}

      @Override
      protected void onCredit(long items, long now) {
        credit += items;
      }

      @Override
      protected void onSent(int bytes, boolean last) {
        unsent -= bytes;
      }

      @Override
      protected void onLost(String reason, Ran ran, long now) {}
    }
  }

  /** Reads what travels to one end, and judges its sender. */
  private static final class Tap {
    private final long window;
    private long granted;
    private long used;

    /** Unfinished messages of the sender: what is missing, and how often others had a turn since. */
    private final Map<Long, long[]> unfinished = new LinkedHashMap<>();

    private final Map<Long, Long> lastTurn = new HashMap<>();
    private final Set<Long> dying = new HashSet<>();
    private boolean draining;
    private long turns;
    private long most;

    Tap(long window) {
      this.window = window;
      this.granted = window;
    }

    void travels(byte[] bytes, End sender) {
      for (RawFrame f : FrameText.cut(bytes)) {
        Map<String, Object> m = FrameText.describe(f);
        if (f.type() == RawFrame.CONTINUE) {
          fragment(f.stream(), f.body().length);
        } else if (f.type() == RawFrame.CREDIT && f.flags() == RawFrame.BYTES) {
          sender.tap.granted += (long) m.get("amount");
        } else if (f.type() == RawFrame.CANCEL
            || (f.type() == RawFrame.CLOSE && !m.containsKey("total"))) {
          unfinished.remove(f.stream());
          sender.tap.dying.add(f.stream()); // until the other side reads this
        }
        if (f.type() == RawFrame.GOAWAY) {
          sender.tap.draining = true; // some messages end there without a frame
        }
        if (m.containsKey("total")) {
          assertThat(unfinished).doesNotContainKey(f.stream());
          unfinished.put(f.stream(), new long[] {(long) m.get("total")});
          lastTurn.put(f.stream(), turns);
          most = Math.max(most, unfinished.size());
        }
      }
    }

    private void fragment(long stream, int size) {
      used += size;
      assertThat(used).as("byte credit").isLessThanOrEqualTo(granted);
      long[] missing = unfinished.get(stream);
      assertThat(missing).as("a fragment of nothing on %d", stream).isNotNull();
      missing[0] -= size;
      assertThat(missing[0]).isNotNegative();
      turns++;
      lastTurn.put(stream, turns);
      if (missing[0] == 0) {
        unfinished.remove(stream);
      }
      // Every other unfinished message has its turn before one has its second.
      for (long other : unfinished.keySet()) {
        if (draining || dying.contains(other)) {
          continue;
        }
        assertThat(turns - lastTurn.get(other))
            .as("turns since %d had one", other)
            .isLessThanOrEqualTo(most + 1);
      }
    }

    void checkCreditReturned() {
      assertThat(granted - used).isGreaterThan(window - Math.max(window, granted) / 4 - 1);
    }
  }
}
