package io.liblink.cli.bench;

import io.liblink.ItemWorker;
import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.Receipt;
import io.liblink.RemoteService;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.cli.output.Table;
import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.QueueOptions;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Measures queues: how many items are acknowledged, and how long that takes. */
public final class BenchPipelineCommand implements Command {
  private static final String OWN_SERVICE = "bench";
  private static final String OWN_QUEUE = "items";
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private static final Option DURATION =
      Option.value("--duration", "DURATION", "how long to measure; 5s");
  private static final Option WARM_UP =
      Option.value("--warm-up", "DURATION", "how long to push before that; 3s");
  private static final Option WORKERS =
      Option.value("--workers", "N", "each a node with a link of its own; 2");
  private static final Option IN_FLIGHT =
      Option.value("--in-flight", "N", "items that are not acknowledged at once; 1024");
  private static final Option SIZE = Option.value("--size", "SIZE", "bytes of each item; 256B");
  private static final Option RATE =
      Option.value("--rate", "N", "items per second; as many as go without it");
  private static final Option SPOOL =
      Option.value("--spool", "DIR", "keep items on disk there until they are acknowledged");

  @Override
  public Shape shape() {
    return Shape.of("bench pipeline", "measures queues: items acknowledged per second, latency")
        .parameters("[SERVICE/QUEUE]")
        .options(DURATION, WARM_UP, WORKERS, IN_FLIGHT, SIZE, RATE, SPOOL)
        .example("liblink bench pipeline", "one producer and two workers in this process")
        .example("liblink bench pipeline --spool /tmp/spool", "with every item on disk first")
        .example("liblink bench pipeline jobs/resize --rate 100", "against a queue of yours")
        .note(
            "Every item is acknowledged, and counts when its receipt is there. The latency runs from"
                + " the push, or with --rate from when it was due, to the receipt; with --spool ACCEPTED"
                + " shows how long until it was on disk. Without a target everything is in this process,"
                + " and what travels goes through loopback, encrypted. The workers do nothing.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    String target = arguments.find(0);
    int workers = arguments.number("--workers", 2, 1, 1_000);
    int inFlight = arguments.number("--in-flight", 1_024, 1, 1_000_000);
    String service = OWN_SERVICE;
    String queue = OWN_QUEUE;
    if (target != null) {
      int slash = target.indexOf('/');
      if (slash <= 0 || slash == target.length() - 1) {
        throw new UsageException("'" + target + "' names no queue: write SERVICE/QUEUE");
      }
      if (arguments.has("--workers")) {
        throw new UsageException("--workers are for the bench's own queue, without a target");
      }
      service = target.substring(0, slash);
      queue = target.substring(slash + 1);
    }
    try (Nodes nodes = target == null ? Nodes.own() : Nodes.of(call.settings())) {
      LongAdder repeated = new LongAdder();
      Node node = nodes.join("producer");
      if (target == null) {
        for (int i = 1; i <= workers; i++) {
          nodes.join("worker-" + i).serve(service(inFlight, repeated));
        }
        node.service(service).awaitReady(workers, Duration.ofSeconds(10));
      }
      return measure(call, node.service(service), queue, inFlight, repeated);
    }
  }

  private static Service service(int inFlight, LongAdder repeated) {
    ItemWorker<byte[]> worker = (value, item) -> {
      if (item.attempt() > 1) {
        repeated.increment();
      }
    };
    return Service.named(OWN_SERVICE)
        .queue(
            OWN_QUEUE,
            byte[].class,
            QueueOptions.defaults().concurrency(inFlight),
            worker,
            Trait.NON_BLOCKING);
  }

  private int measure(
      Invocation call, RemoteService service, String queue, int inFlight, LongAdder repeated)
      throws InterruptedException {
    Arguments arguments = call.arguments();
    int size = arguments.size("--size", 256);
    int rate = arguments.number("--rate", 0, 1, 100_000_000);
    Duration measured = arguments.duration("--duration", Duration.ofSeconds(5));
    Duration warmUp = arguments.duration("--warm-up", Duration.ofSeconds(3));
    ProducerOptions options =
        ProducerOptions.defaults().buffer(Math.max(inFlight, 10_000), Integer.MAX_VALUE);
    String spool = arguments.value("--spool");
    if (spool != null) {
      options = options.spool(Path.of(spool));
    }
    String target = service.name() + "/" + queue;
    Console console = call.console();
    console.say(target
        + ", "
        + Figures.bytes(size)
        + (rate > 0 ? ", " + Figures.grouped(rate) + " items/s" : ", " + inFlight + " in flight")
        + (spool == null ? "" : ", kept in " + spool)
        + ", for "
        + Figures.time(measured)
        + " after "
        + Figures.time(warmUp)
        + " of warm-up");
    try (Producer producer = service.producer(queue, options)) {
      producer.push(Message.of(new byte[size])).await(Duration.ofSeconds(10));
      Pushing pushing = new Pushing(producer, Message.of(new byte[size]), call.time());
      Load load = new Load(pushing::push, call.time(), inFlight);
      pushing.load = load;
      Load.Result result = load.run(warmUp, measured, rate);
      Histogram accepted = spool == null ? null : pushing.accepted.getIntervalHistogram();
      long twice = repeated.sum();
      if (call.settings().json()) {
        console.line(
            new Json().line(object(target, size, inFlight, rate, result, twice, accepted)));
      } else {
        console.text(render(result, twice, accepted, console.dataPaint()));
      }
      LinkException failure = result.firstFailure();
      if (failure != null) {
        console.problem("the first failure: " + failure.getMessage());
        return 64 + failure.status().code();
      }
      return 0;
    }
  }

  /** Pushes one item, and takes the time until it is accepted. */
  private static final class Pushing {
    private final Producer producer;
    private final Message item;
    private final TimeSource time;
    private final Recorder accepted = new Recorder(LONGEST_NANOS, 3);
    private volatile @Nullable Load load;

    Pushing(Producer producer, Message item, TimeSource time) {
      this.producer = producer;
      this.item = item;
      this.time = time;
    }

    CompletableFuture<Void> push() {
      Load measuring = load;
      boolean counts = measuring != null && measuring.measures();
      long start = time.nanos();
      CompletableFuture<Receipt> receipt = producer.pushAsync(item);
      if (counts) {
        receipt.thenRun(() ->
            accepted.recordValue(Math.min(LONGEST_NANOS, Math.max(1, time.nanos() - start))));
      }
      return receipt.thenCompose(Receipt::done);
    }
  }

  static String render(
      Load.Result result, long repeated, @Nullable Histogram accepted, Paint paint) {
    List<String> titles =
        new ArrayList<>(List.of(">ACKNOWLEDGED", ">PER SECOND", ">GIVEN UP", ">REPEATED"));
    titles.addAll(Latency.titles());
    List<String> cells = new ArrayList<>(List.of(
        Figures.grouped(result.answered()),
        Figures.rate(result.rate()),
        Figures.grouped(result.failures()),
        Figures.grouped(repeated)));
    cells.addAll(Latency.cells(result.times()));
    if (accepted != null) {
      titles.addAll(List.of(">ACCEPTED P50", ">P99"));
      cells.add(Figures.time(accepted.getValueAtPercentile(50)));
      cells.add(Figures.time(accepted.getValueAtPercentile(99)));
    }
    return new Table(titles.toArray(new String[0]))
        .row(cells.toArray(new String[0]))
        .render(paint);
  }

  static Map<String, Object> object(
      String target,
      int size,
      int inFlight,
      int rate,
      Load.Result result,
      long repeated,
      @Nullable Histogram accepted) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("target", target);
    object.put("bytes", size);
    object.put("inFlight", inFlight);
    if (rate > 0) {
      object.put("wantedPerSecond", rate);
    }
    object.put("seconds", result.seconds());
    object.put("acknowledged", result.answered());
    object.put("acknowledgedPerSecond", Math.round(result.rate()));
    object.put("givenUp", result.failed());
    object.put("repeated", repeated);
    object.put("latencyMicros", Latency.micros(result.times()));
    if (accepted != null) {
      object.put("acceptedMicros", Latency.micros(accepted));
    }
    return object;
  }
}
