package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.ProducerOptions;
import io.liblink.message.Message;
import io.liblink.registry.Endpoint;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Pushes the lines of standard input to a queue, and prints a receipt for each. */
public final class PushCommand implements Command {
  private static final Option ATTEMPTS =
      Option.value("--attempts", "N", "how often an item is tried before it is given up; 5");
  private static final Option ITEM_TIMEOUT = Option.value(
      "--item-timeout", "DURATION", "after so long without an answer another worker gets it; 30s");
  private static final Option TIMEOUT = Option.value(
      "--timeout",
      "DURATION",
      "give up when nothing was settled for so long; 1m, at least 2 x --item-timeout");
  private static final Option BUFFER =
      Option.value("--buffer", "N", "how many items may be on their way; 10000");
  private static final Option SPOOL = Option.value(
      "--spool", "DIR", "keep items on disk until they are acknowledged, beyond this process");
  private static final Option SPOOL_BYTES =
      Option.value("--spool-bytes", "SIZE", "what they may take up there; 1GiB");
  private static final Option NO_WAIT =
      Option.flag("--no-wait", "with --spool: end when all is on disk; a later push sends it");

  @Override
  public Shape shape() {
    return Shape.of("push", "pushes the lines of standard input to a queue, with receipts")
        .parameters("SERVICE/QUEUE", "[BODY]")
        .options(Choosing.and(
            Choosing.NODE,
            Body.DATA,
            Body.HEADER,
            Body.TYPE,
            Outgoing.COUNT,
            Calling.WHERE,
            Calling.TO,
            ATTEMPTS,
            ITEM_TIMEOUT,
            TIMEOUT,
            BUFFER,
            SPOOL,
            SPOOL_BYTES,
            Choosing.SUBSET,
            NO_WAIT))
        .example("liblink push jobs/resize cat.jpg", "one item")
        .example("find . -name '*.jpg' | liblink push jobs/resize", "each line, a receipt each")
        .example(
            "cat list | liblink push jobs/resize -j | grep dead-letter", "what could not be done")
        .example(
            "cat list | liblink push jobs/resize --spool ~/jobs",
            "survives a crash of this process")
        .example("true | liblink push jobs/resize --spool ~/jobs", "sends what was left there")
        .note(
            "An item is kept here until a worker has acknowledged it. When a worker rejects it, is"
                + " killed, or takes too long, it goes to another, as the next attempt of the same item;"
                + " after the last attempt it is a dead letter, with every cause. Items go to the worker"
                + " that has the fewest unsettled.")
        .note("The receipts go to standard output, in the order in which items are settled. Without"
            + " --spool, items end with this process; what was not acknowledged is counted at the end."
            + " A directory is for one queue and one process at a time.")
        .note(
            "Exit code: 0 when every item was acknowledged, 64 + the status code of the first dead"
                + " letter, 68 when items are left because nobody settled any for --timeout, 130 when it was"
                + " interrupted with items left.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Target target = Target.queue(arguments.get(0));
    if (arguments.has("--no-wait") && !arguments.has("--spool")) {
      throw new UsageException(
          "--no-wait needs --spool DIR: without it items end with this process");
    }
    Run run = new Run(call, target, Outgoing.of(arguments, arguments.find(1), call.console()));
    Node node =
        Node.join(Choosing.node(call.settings(), arguments).timeouts(t -> t.drain(Run.DRAIN)));
    return UntilStopped.run(() -> run.work(node), stopped -> run.finish(node, stopped));
  }

  /** One run of the command. */
  private static final class Run {
    static final Duration DRAIN = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofMillis(250);
    private static final long QUIET_NANOS = 1_000_000_000;
    private static final int MOST_AT_ONCE = 1_000;
    private static final int MOST_RECEIPTS = 1_000_000;

    private final Invocation call;
    private final Target target;
    private final Outgoing outgoing;
    private final Receipts receipts;
    private final ProducerOptions options;
    private final Room room;
    private final boolean wait;
    private final Duration timeout;
    private final long start;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong unsettled = new AtomicLong();
    private volatile long progress;
    private boolean waitSaid;
    private String why = "";
    private volatile boolean gaveUp;
    private @Nullable Message held;
    private volatile @Nullable Producer producer;

    Run(Invocation call, Target target, Outgoing outgoing) {
      Arguments arguments = call.arguments();
      this.call = call;
      this.target = target;
      this.outgoing = outgoing;
      this.receipts = new Receipts(call.console(), call.settings().json());
      this.wait = !arguments.has("--no-wait");
      Duration item = arguments.duration("--item-timeout", Duration.ofSeconds(30));
      this.timeout = arguments.duration(
          "--timeout",
          item.compareTo(Duration.ofSeconds(30)) > 0
              ? item.multipliedBy(2)
              : Duration.ofMinutes(1));
      int buffer = arguments.number("--buffer", 10_000, 1, MOST_RECEIPTS);
      ProducerOptions own = ProducerOptions.defaults()
          .attempts(arguments.number("--attempts", 5, 1, 1_000))
          .itemTimeout(item)
          .deadLetter(receipts::dead);
      String spool = arguments.value("--spool");
      if (spool == null) {
        this.room = new Room(buffer, own.bufferBytes());
        this.options = own.buffer(buffer, 2 * own.bufferBytes());
      } else {
        this.room = new Room(MOST_RECEIPTS, Integer.MAX_VALUE);
        this.options = own.buffer(buffer, own.bufferBytes())
            .spool(Path.of(spool))
            .spoolBytes(arguments.size("--spool-bytes", 1 << 30));
      }
      this.start = call.time().nanos();
      this.progress = start;
    }

    void work(Node node) throws InterruptedException, IOException {
      RemoteService service = Calling.chosen(node.service(target.service()), call.arguments());
      Producer mine = service.producer(target.endpoint(), options);
      producer = mine;
      if (mine.recovered() > 0) {
        call.console()
            .say(Figures.count(mine.recovered(), "item") + " lay in the spool and "
                + (mine.recovered() == 1 ? "is" : "are")
                + " sent first");
      }
      if (outgoing.reads() && call.console().inIsTerminal()) {
        call.console().say(call.console().paint().dim("each line is an item; Ctrl-D ends it"));
      }
      List<Message> batch = new ArrayList<>();
      while (fill(node, mine, batch)) {
        accept(mine.pushAll(batch), batch);
        batch.clear();
      }
      while (wait && !drained(mine)) {
        patience(node, mine);
      }
    }

    /** The next items: one that is waited for, and those that are there and find room besides. */
    private boolean fill(Node node, Producer mine, List<Message> batch)
        throws InterruptedException, IOException {
      Message next = held == null ? outgoing.next() : held;
      held = null;
      if (next == null) {
        return false;
      }
      while (!room.enter(next.size(), STEP)) {
        patience(node, mine);
      }
      batch.add(next);
      while (held == null && batch.size() < MOST_AT_ONCE && outgoing.ready()) {
        next = outgoing.next();
        if (next == null) {
          return true;
        }
        if (room.enter(next.size(), Duration.ZERO)) {
          batch.add(next);
        } else {
          held = next;
        }
      }
      return true;
    }

    private void accept(List<Receipt> receipts, List<Message> batch) {
      if (unsettled.getAndAdd(batch.size()) == 0) {
        progress = call.time().nanos();
      }
      accepted.addAndGet(batch.size());
      long pushed = call.time().nanos();
      for (int i = 0; i < batch.size(); i++) {
        Receipt receipt = receipts.get(i);
        int size = batch.get(i).size();
        if (!wait) {
          this.receipts.accepted(receipt);
        }
        receipt.done().whenComplete((done, failure) -> {
          room.leave(size);
          unsettled.decrementAndGet();
          progress = call.time().nanos();
          if (failure == null && wait) {
            this.receipts.acknowledged(receipt, progress - pushed);
          }
        });
      }
    }

    private boolean drained(Producer mine) {
      try {
        mine.drain(STEP);
        return true;
      } catch (LinkException e) {
        if (e.status() == Status.DEADLINE_EXCEEDED) {
          // Behind how long was waited, which is for nobody but this loop.
          why = e.problem().substring(e.problem().indexOf(": ") + 1).strip();
          return false;
        }
        throw e;
      }
    }

    /** Nothing moved for a moment: says so once, and gives up in the end. */
    private void patience(Node node, Producer mine) {
      long idle = call.time().nanos() - progress;
      if (idle > timeout.toNanos()) {
        gaveUp = true;
        String problem = "nothing was settled for " + Figures.time(timeout);
        throw LinkException.failure(
                Status.DEADLINE_EXCEEDED, Stage.WAIT, problem + reason(node, mine))
            .elapsed(Duration.ofNanos(call.time().nanos() - start))
            .build();
      }
      if (idle > QUIET_NANOS && !waitSaid && mine.inFlight() == 0) {
        waitSaid = true;
        call.console().say("waiting" + reason(node, mine));
      }
    }

    private String reason(Node node, Producer mine) {
      if (mine.workers().isEmpty()) {
        return ": nobody works on " + target + Missing.meant(node, target.service());
      }
      RemoteService service = node.service(target.service());
      return (why.isEmpty() ? "" : ": " + why)
          + Missing.meant(service, Endpoint.Kind.QUEUE, target.endpoint());
    }

    int finish(Node node, boolean stopped) {
      Producer mine = producer;
      if (mine == null) {
        node.close(Duration.ZERO);
        return 1;
      }
      long left = (long) mine.waiting() + mine.inFlight();
      long settled = receipts.settled();
      if (!gaveUp) {
        mine.close();
        left = Math.max(0, left - (receipts.settled() - settled));
      }
      node.close(gaveUp ? Duration.ZERO : DRAIN);
      report(mine.recovered(), left);
      LinkException death = receipts.firstDeath();
      if (death != null) {
        return Failures.exitCode(death);
      }
      return stopped && left > 0 ? UntilStopped.INTERRUPTED : 0;
    }

    private void report(long recovered, long left) {
      StringBuilder s = new StringBuilder();
      if (recovered > 0) {
        s.append(Figures.count(recovered, "item")).append(" from before, ");
      }
      s.append(Figures.count(accepted.get(), "item")).append(" accepted");
      if (wait) {
        long done = recovered + accepted.get() - left - receipts.dead();
        s.append(", ").append(Figures.grouped(done)).append(" acknowledged");
      }
      if (receipts.repeated() > 0) {
        s.append(" (").append(Figures.grouped(receipts.repeated()));
        s.append(" not at the first attempt)");
      }
      if (receipts.dead() > 0) {
        s.append(", ").append(Figures.count(receipts.dead(), "dead letter"));
      }
      if (left > 0) {
        Path spool = options.spool();
        s.append(", ").append(Figures.grouped(left));
        s.append(
            spool == null
                ? " left, which ended with this process"
                : " left, kept in " + spool + " for the next push");
      }
      s.append(", in ").append(Figures.time(call.time().nanos() - start));
      if (left > 0 && wait) {
        call.console().problem(s.toString());
      } else {
        call.console().say(s.toString());
      }
    }
  }
}
