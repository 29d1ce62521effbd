package io.liblink.registry.fixed;

import io.liblink.message.Address;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.View;
import io.liblink.registry.loop.RegistryLoop;
import io.liblink.registry.loop.Suspects;
import io.liblink.registry.loop.Watches;
import io.liblink.registry.peers.Peers;
import io.liblink.registry.peers.Questions;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry without any: each address of a list is asked who is there, when a watch starts and
 * then at an interval, by the node's clock. An address that fails keeps what it said last, and is
 * asked again sooner. While nobody watches nobody is asked. One thread does the work; answers come
 * to it through a queue.
 */
final class FixedRegistry implements Registry {
  /** The loop waits in real time while the node's clock may be turned by a test: look this often. */
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final int PROBLEMS_SHOWN = 5;

  private final String uri;
  private final Context context;
  private final Duration interval;
  private final Peers peers = new Peers();
  private final Questions questions;
  private final RegistryLoop loop = new RegistryLoop("static", this::step);
  private final Watches watches = new Watches(this::hurry);
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Suspects suspects = new Suspects(this::later, this::judge);
  private volatile boolean closed;
  private volatile String problem = "";

  /** Waiting for all addresses to have been heard. Used by the registry's thread only. */
  private final List<CompletableFuture<Set<String>>> asking = new ArrayList<>();

  /**
   * Prepares it; {@link #start} lets it work.
   *
   * @param random gives numbers from 0 to 1, for the jitter
   */
  FixedRegistry(
      String uri,
      List<Address> addresses,
      Context context,
      Duration interval,
      DoubleSupplier random) {
    this.uri = uri;
    this.context = context;
    this.interval = interval;
    this.questions = new Questions(peers, context, interval, random, this::later);
    this.peers.keep(addresses, context.time().nanos());
  }

  void start() {
    loop.start();
  }

  @Override
  public String uri() {
    return uri;
  }

  /** Nothing to do: peers ask the node itself. */
  @Override
  public CompletionStage<Void> announce(Instance instance) {
    return done();
  }

  /** Nothing to do: peers ask the node itself. */
  @Override
  public CompletionStage<Void> withdraw(String service) {
    return done();
  }

  private CompletionStage<Void> done() {
    return closed
        ? CompletableFuture.failedStage(closedFailure())
        : CompletableFuture.completedStage(null);
  }

  @Override
  public Watch watch(String service, Consumer<View> listener) {
    if (closed) {
      throw new IllegalStateException("the registry " + uri + " is closed");
    }
    return watches.add(Names.service(service), listener);
  }

  @Override
  public CompletionStage<Set<String>> services() {
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    inbox.add(() -> asking.add(answer));
    hurry();
    if (closed) {
      answer.completeExceptionally(closedFailure());
    }
    return answer;
  }

  @Override
  public Duration staleness() {
    return Duration.ofNanos(
        (long) (interval.toNanos() * (1 + Questions.JITTER)) + Peers.ANSWER_NANOS);
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watches.close();
    // The last step fails who still waits, and stops the loop.
    loop.wake();
  }

  /** Somebody wants to know: all addresses are to be asked now. */
  private void hurry() {
    later(() -> peers.hurry(now()));
  }

  @Override
  public void suspect(Instance instance) {
    suspects.add(instance);
  }

  private void judge(Instance suspect) {
    peers.suspect(suspect.id(), now());
  }

  private void later(Runnable news) {
    inbox.add(news);
    loop.wake();
  }

  private long now() {
    return context.time().nanos();
  }

  private long step() {
    Runnable news;
    while ((news = inbox.poll()) != null) {
      news.run();
    }
    if (closed) {
      asking.forEach(a -> a.completeExceptionally(closedFailure()));
      asking.clear();
      loop.stop();
      return 0;
    }
    questions.giveUp();
    if (!watches.isEmpty() || !asking.isEmpty()) {
      questions.ask();
    }
    problem = peers.problem(PROBLEMS_SHOWN);
    if (peers.allHeard() && !peers.anyAsking() && !asking.isEmpty()) {
      List<CompletableFuture<Set<String>>> answers = List.copyOf(asking);
      asking.clear();
      answers.forEach(a -> a.complete(new TreeSet<>(peers.services())));
    }
    watches.deliver(this::view);
    boolean idle = watches.isEmpty() && asking.isEmpty() && !peers.anyAsking();
    return idle ? Long.MAX_VALUE : Math.min(WAIT_NANOS, Math.max(0, peers.untilNext(now())));
  }

  /** Null as long as an address that was not heard yet might know of the service. */
  private @Nullable View view(String service) {
    List<Instance> instances = peers.instances(service);
    if (instances.isEmpty() && !peers.allHeard()) {
      return null;
    }
    return new View(instances, peers.confirmedNanos(now()), problem);
  }

  private LinkException closedFailure() {
    return LinkException.failure(
            Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri + " was closed")
        .build();
  }
}
