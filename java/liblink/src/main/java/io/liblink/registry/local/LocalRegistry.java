package io.liblink.registry.local;

import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.View;
import io.liblink.registry.loop.ProblemLog;
import io.liblink.registry.loop.RegistryLoop;
import io.liblink.registry.loop.Watches;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import tools.jackson.core.json.JsonFactory;

/**
 * The registry of one machine: a directory in which each node keeps one file. One thread writes,
 * beats, looks and tells; it starts to look when the registry is opened, so that the first view is
 * there by the time it is wanted, and looks no further while nobody watches.
 *
 * <p>Beats and ages go by the machine's clock and not by the node's, because the files are shared
 * with processes that know no other; only the time in views is the node's.
 */
final class LocalRegistry implements Registry {
  private static final long IDLE_NANOS = 2 * Rules.SCAN_NANOS + Rules.CREDIT_NANOS;

  private final String uri;
  private final Context context;
  private final TimeSource clock = TimeSource.system();
  private final OwnEntry own;
  private final DirectoryScan scan;
  private final RegistryLoop loop = new RegistryLoop("local", this::step);
  private final Watches watches = new Watches(loop::wake);
  private final Queue<CompletableFuture<Set<String>>> asking = new ConcurrentLinkedQueue<>();
  private final ProblemLog log;
  private volatile boolean closed;

  /** What the last look had to say. */
  private volatile String lookProblem = "";

  // Only the registry's thread touches these.
  private boolean looked;
  private boolean idle;
  private long lookedAt;
  private long lookTook;
  private long restNanos;
  private long confirmedNanos;

  LocalRegistry(String uri, Place place, long uid, Processes processes, Context context) {
    this.uri = uri;
    this.context = context;
    String cluster = Names.cluster(context.cluster());
    var directory = new ClusterDirectory(place, cluster, uid);
    var json = new JsonFactory();
    this.own = new OwnEntry(
        new EntryFile(directory, context.id(), clock),
        new EntryWriter(json, cluster, context.node(), context.id(), processes.self()),
        clock);
    this.scan = new DirectoryScan(
        directory, new EntryContent(new EntryReader(json, cluster), uid), processes, clock);
    this.confirmedNanos = context.time().nanos();
    this.log = new ProblemLog(uri, clock);
  }

  void start() {
    loop.start();
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public CompletionStage<Void> announce(Instance instance) {
    if (!instance.id().equals(context.id()) || !instance.node().equals(context.node())) {
      throw new IllegalArgumentException("this registry is node "
          + context.node()
          + "@"
          + context.id().shortText()
          + "'s and can't announce for "
          + instance.label());
    }
    CompletionStage<Void> stage = own.announce(instance);
    loop.wake();
    return stage;
  }

  @Override
  public CompletionStage<Void> withdraw(String service) {
    CompletionStage<Void> stage = own.withdraw(service);
    loop.wake();
    return stage;
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
    asking.add(answer);
    if (closed) {
      failAsking();
    }
    loop.wake();
    return answer;
  }

  @Override
  public Duration staleness() {
    return Duration.ofNanos(Rules.STALE_NANOS + 2 * Rules.SCAN_NANOS).plusMillis(300);
  }

  @Override
  public String problem() {
    return join(own.problem(), lookProblem);
  }

  @Override
  public void close() {
    closed = true;
    watches.close();
    own.close();
    loop.stop();
    failAsking();
  }

  private void failAsking() {
    CompletableFuture<Set<String>> answer;
    while ((answer = asking.poll()) != null) {
      answer.completeExceptionally(LinkException.failure(
              Status.UNAVAILABLE, Stage.DISCOVER, "the registry " + uri + " was closed")
          .build());
    }
  }

  private long step() {
    long wait = own.step();
    if (!looked || !watches.isEmpty() || !asking.isEmpty() || !scan.problem().isEmpty()) {
      look();
      answer();
      watches.deliver(this::view);
      wait = Math.min(wait, Math.max(Rules.POLL_NANOS, restNanos));
    } else {
      idle = true;
    }
    lookProblem = join(scan.problem(), scan.skipped());
    log.now(problem());
    return wait;
  }

  private void look() {
    long now = clock.nanos();
    long since = now - lookedAt;
    boolean due = !looked || since >= Math.max(Rules.SCAN_NANOS, restNanos);
    if (!due && (since < restNanos || !scan.directoryChanged())) {
      return;
    }
    if (idle && since > IDLE_NANOS) {
      scan.forget();
    }
    idle = false;
    if (scan.look()) {
      confirmedNanos = context.time().nanos();
    }
    looked = true;
    lookedAt = clock.nanos();
    // The shorter of two, so that one look that was interrupted, or the first, does not count.
    long took = lookedAt - now;
    restNanos = Math.min(took, lookTook) * Rules.SCAN_SHARE;
    lookTook = took;
  }

  private static String join(String a, String b) {
    return a.isEmpty() ? b : b.isEmpty() ? a : a + "; " + b;
  }

  private View view(String service) {
    return new View(scan.views().getOrDefault(service, List.of()), confirmedNanos, scan.problem());
  }

  private void answer() {
    Set<String> services = Set.copyOf(scan.views().keySet());
    List<CompletableFuture<Set<String>>> answers = new ArrayList<>();
    CompletableFuture<Set<String>> next;
    while ((next = asking.poll()) != null) {
      answers.add(next);
    }
    answers.forEach(a -> a.complete(services));
  }
}
