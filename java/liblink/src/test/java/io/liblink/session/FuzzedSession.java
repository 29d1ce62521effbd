package io.liblink.session;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.testing.RawBytes;
import io.liblink.testing.RawFrame;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.Content;
import io.liblink.wire.GoAwayFrame;
import io.liblink.wire.HelloFrame;
import io.liblink.wire.MessageFrame;
import io.liblink.wire.OpenFrame;
import io.liblink.wire.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One session, whose peer and application do what the bytes say: an operation each, with operands.
 * The first byte says which side it is. After each operation what must always hold is checked.
 */
final class FuzzedSession implements SessionEvents {
  private static final long MILLI = 1_000_000;
  private static final int STREAMS = 8;
  private static final int LARGEST = 100_000;
  private static final int HELD = 150_000;
  private static final int[] TYPES = {
    RawFrame.OPEN,
    RawFrame.MESSAGE,
    RawFrame.CONTINUE,
    RawFrame.CREDIT,
    RawFrame.ACK,
    RawFrame.CLOSE,
    RawFrame.CANCEL,
    RawFrame.PING,
    RawFrame.PONG,
    RawFrame.GOAWAY,
    RawFrame.HELLO,
    0x80
  };

  private final ByteBuffer in;
  private final TestOutput out = new TestOutput();
  private final Counters counters = new Counters();
  private final boolean dialer;
  private final Session session;
  private final Deque<Call> calls = new ArrayDeque<>();
  private final Deque<Work> works = new ArrayDeque<>();
  private long now = 1;
  private int ends;
  private boolean ready;

  // What the session sent, as its peer sees it.
  private final Set<Long> closedByUs = new HashSet<>();
  private long credit = 40_000;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  FuzzedSession(byte[] data) {
    this.in = ByteBuffer.wrap(data);
    this.dialer = (in.get() & 1) == 1;
    HelloFrame hello = new HelloFrame(
        1,
        "shop",
        "me",
        new NodeId(1, 2),
        65_536,
        LARGEST,
        STREAMS,
        15_000,
        65_536,
        0,
        "fuzz/1",
        Map.of());
    SessionLimits limits =
        new SessionLimits(LARGEST, STREAMS, HELD, 15_000 * MILLI, 10_000 * MILLI, 300_000 * MILLI);
    this.session = new Session(dialer, hello, limits, out, this, counters);
  }

  void run() {
    session.start(now);
    receive(io.liblink.testing.RawHello.of("shop", "peer")
        .limits(100_000, 5, credit)
        .frame()
        .bytes());
    check();
    while (in.remaining() >= 2) {
      operation(in.get() & 15, in.get() & 0xFF);
      check();
    }
    session.lost("cut", now);
    check();
    require(session.streams() == 0 && session.heldBytes() == 0, "something is left");
    require(!session.hasTransfers(), "a transfer is left");
    require(ends == 1, "it ended " + ends + " times");
    calls.forEach(c -> require(c.ended == 1, "a call ended " + c.ended + " times"));
  }

  private void operation(int what, int operand) {
    switch (what) {
      case 0, 1 -> receive(take(operand));
      case 2 -> tick(operand);
      case 3 -> call(operand);
      case 4 -> cancel();
      case 5 -> answer(operand * 500);
      case 6 -> item(operand * 500);
      case 7 -> session.sendFragments(new Several(operand & 7), now);
      case 8 -> receive(frame(operand, in.remaining() >= 3 ? in.get() : 0));
      case 9 ->
        receive(RawFrame.fragment(operand, new byte[Math.min(32_768, length())]).bytes());
      case 10 -> receiveLarge(operand, length());
      case 11 -> receiveCredit(operand);
      case 12 -> grant(operand);
      case 13 -> receive(RawFrame.call(operand, "a/b", new byte[3]).bytes());
      case 14 -> receive(RawFrame.reply(operand, new byte[3]).bytes());
      default -> {
        if (operand > 250) {
          session.drain("fuzz");
        } else {
          receive(RawFrame.cancel(operand, 1).bytes());
        }
      }
    }
  }

  private int length() {
    return in.remaining() >= 2 ? in.getShort() & 0xFFFF : 1;
  }

  private byte[] take(int most) {
    byte[] bytes = new byte[Math.min(most, in.remaining())];
    in.get(bytes);
    return bytes;
  }

  /** A frame with a right length and whatever in it. */
  private byte[] frame(int operand, int flags) {
    int type = TYPES[operand % TYPES.length];
    long stream = in.hasRemaining() ? in.get() & 0xFF : 0;
    return new RawFrame(type, flags & 0xFF, stream, take(operand / TYPES.length * 4)).bytes();
  }

  private void receiveLarge(int operand, int total) {
    RawFrame head = (operand & 1) == 1
        ? RawFrame.largeCall(operand, "a/b", total * 3L)
        : RawFrame.of(
            RawFrame.CLOSE,
            RawFrame.MORE,
            operand,
            new RawBytes().u8(0).contentToFollow(Map.of(), "", total * 3L));
    receive(head.bytes());
  }

  private void receiveCredit(int operand) {
    receive(RawFrame.creditBytes(operand * 1000L).bytes());
  }

  /** Byte credit in what comes, read by hand; up to the first frame of an impossible length. */
  private void count(byte[] bytes) {
    heard.writeBytes(bytes);
    ByteBuffer all = ByteBuffer.wrap(heard.toByteArray());
    heard.reset();
    while (all.remaining() >= 10) {
      long length = all.getInt(all.position()) & 0xFFFF_FFFFL;
      if (length < 6 || length > 65_542) {
        return;
      }
      if (all.remaining() < length + 4) {
        break;
      }
      int at = all.position();
      if (all.get(at + 4) == RawFrame.CREDIT && (all.get(at + 5) & 1) == 1 && length == 10) {
        long amount = all.getInt(at + 10) & 0xFFFF_FFFFL;
        credit = Math.min(Integer.MAX_VALUE, credit + amount);
      }
      all.position(at + (int) length + 4);
    }
    heard.write(all.array(), all.position(), all.remaining());
  }

  private void receive(byte[] bytes) {
    count(bytes);
    boolean before = session.ended();
    session.receive(ByteBuffer.wrap(bytes), now);
    if (before) {
      require(out.take().length == 0, "frames after the end");
    }
  }

  private void tick(int operand) {
    for (int i = 0; i < 10; i++) {
      now += operand * MILLI;
      session.tick(now);
    }
  }

  // ---- the application ----------------------------------------------------------------------

  private void call(int operand) {
    if (session.takesStreams() && session.ownStreams() < 5) {
      Call call = new Call(operand % 4 - 1);
      calls.add(call);
      byte[] payload = new byte[operand * 300];
      session.open(
          call, new OpenFrame(1, 1, operand, null, call.credit, Text.of("a/b"), content(payload)));
      session.setDeadline(call, now + operand * MILLI, now);
    }
  }

  private static Content content(byte[] payload) {
    return new Content(Map.of(), Text.EMPTY, payload);
  }

  private void cancel() {
    calls.stream().filter(Stream::isOpen).findFirst().ifPresent(c -> {
      session.cancel(c, Status.CANCELLED, now);
      c.ended++;
    });
  }

  private void grant(int operand) {
    calls.stream().filter(c -> c.isOpen() && c.credit >= 0).findFirst().ifPresent(c -> {
      c.credit += operand + 1;
      session.credit(c, operand + 1);
    });
  }

  private void answer(int size) {
    works.stream().filter(w -> w.isOpen() && !w.answered).findFirst().ifPresent(w -> {
      w.answered = true;
      session.close(
          w,
          size == 500
              ? CloseFrame.failure(Status.NOT_FOUND, Stage.HANDLE, Ran.YES, "no")
              : CloseFrame.ok(content(new byte[Math.min(LARGEST, size)])),
          now);
    });
  }

  private void item(int size) {
    works.stream()
        .filter(w -> w.isOpen() && !w.answered && w.credit > 0)
        .findFirst()
        .ifPresent(w -> {
          w.credit--;
          session.send(
              w, new MessageFrame(++w.sequence, null, content(new byte[Math.min(LARGEST, size)])));
        });
  }

  // ---- what must always hold ----------------------------------------------------------------

  private void check() {
    require(session.heldBytes() <= HELD, "too much is held");
    require(session.streams() - session.ownStreams() <= STREAMS, "too many streams");
    for (RawFrame f : FrameText.cut(out.take())) {
      Map<String, Object> m = FrameText.describe(f);
      switch (f.type()) {
        case RawFrame.CONTINUE -> {
          credit -= f.body().length;
          require(credit >= 0, "more fragments than credit");
          requireOpen(f);
        }
        case RawFrame.CLOSE -> {
          requireOpen(f);
          require((f.stream() & 1) == (dialer ? 0 : 1), "CLOSE of an own stream");
          if (!m.containsKey("total")) {
            closedByUs.add(f.stream());
          }
        }
        case RawFrame.CANCEL -> {
          requireOpen(f);
          require((f.stream() & 1) == (dialer ? 1 : 0), "CANCEL of the peer's stream");
          closedByUs.add(f.stream());
        }
        case RawFrame.MESSAGE, RawFrame.OPEN -> requireOpen(f);
        default -> {}
      }
    }
  }

  private void requireOpen(RawFrame f) {
    require(!closedByUs.contains(f.stream()), "a frame on a closed stream: " + f);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  // ---- events -------------------------------------------------------------------------------

  @Override
  public void onHello(HelloFrame peer, long at) {
    require(!ready, "a second HELLO");
  }

  @Override
  public void onReady(long at) {
    ready = true;
  }

  @Override
  public Stream onOpen(OpenFrame open, long at) {
    Work work = new Work(open.credit());
    works.add(work);
    if (works.size() > 1000) {
      works.removeIf(w -> !w.isOpen());
    }
    return work;
  }

  @Override
  public void onGoAway(GoAwayFrame goAway, long at) {
    require(ends == 0, "GOAWAY after the end");
  }

  @Override
  public void onIdle(long at) {
    session.drain("idle");
  }

  @Override
  public void onEnd(Status status, String reason, long at) {
    ends++;
  }

  private record Several(int[] left) implements java.util.function.BooleanSupplier {
    Several(int most) {
      this(new int[] {most});
    }

    @Override
    public boolean getAsBoolean() {
      return left[0]-- > 0;
    }
  }

  private final class Call extends Stream {
    private long credit;
    private long sequence;
    private int ended;

    Call(long credit) {
      this.credit = credit;
    }

    @Override
    public void run(Session on, long at) {}

    @Override
    public void abandon(String reason, long at) {}

    @Override
    protected void onItem(long number) {
      if (credit < 0 || number != sequence + 1 || number > credit) {
        super.onItem(number);
      }
      sequence++;
    }

    @Override
    protected void onMessage(MessageFrame message, long at) {
      require(ended == 0, "an item after the end");
    }

    @Override
    protected void onClose(CloseFrame close, long at) {
      ended++;
    }

    @Override
    protected void onDeadline(long at) {
      session.cancel(this, Status.DEADLINE_EXCEEDED, at);
      ended++;
    }

    @Override
    protected void onLost(String reason, Ran ran, long at) {
      ended++;
    }
  }

  private static final class Work extends Stream {
    private long credit;
    private long sequence;
    private boolean answered;

    Work(long credit) {
      this.credit = credit;
    }

    @Override
    public void run(Session on, long at) {}

    @Override
    public void abandon(String reason, long at) {}

    @Override
    protected void onCredit(long items, long at) {
      credit += items;
    }

    @Override
    protected void onCancel(Status reason, long at) {}

    @Override
    protected void onLost(String reason, Ran ran, long at) {}
  }
}
