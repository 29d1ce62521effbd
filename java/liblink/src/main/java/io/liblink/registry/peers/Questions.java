package io.liblink.registry.peers;

import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.status.LinkException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the {@link Peers} that are due, through the node's probe. Used by the registry's thread only;
 * answers come back to it.
 */
public final class Questions {
  /** The interval is varied by up to so much either way, lest all nodes ask at once. */
  public static final double JITTER = 0.2;

  private final Peers peers;
  private final Context context;
  private final Duration interval;
  private final DoubleSupplier random;
  private final Executor loop;

  /**
   * Asks nobody yet.
   *
   * @param interval between two questions to one peer
   * @param random gives numbers from 0 to 1, for the jitter
   * @param loop runs something on the registry's thread
   */
  public Questions(
      Peers peers, Context context, Duration interval, DoubleSupplier random, Executor loop) {
    this.peers = peers;
    this.context = context;
    this.interval = interval;
    this.random = random;
    this.loop = loop;
  }

  /** Lets those fail that are silent for too long. */
  public void giveUp() {
    peers.giveUp(context.time().nanos(), this::intervalNanos);
  }

  /** Asks who is due. */
  public void ask() {
    for (Peer peer : peers.due(context.time().nanos())) {
      ask(peer);
    }
  }

  private void ask(Peer peer) {
    long question = peer.ask(context.time().nanos());
    CompletionStage<List<Instance>> answer;
    try {
      answer = context.probe().ask(peer.address());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    answer.whenComplete(
        (instances, failure) -> loop.execute(() -> hear(peer, question, instances, failure)));
  }

  private void hear(
      Peer peer, long question, @Nullable List<Instance> answer, @Nullable Throwable failure) {
    if (!peer.expects(question)) {
      return;
    }
    long now = context.time().nanos();
    if (answer != null && failure == null) {
      peer.answered(answer, now, intervalNanos());
    } else {
      peer.failed(words(failure), now, intervalNanos());
    }
  }

  private long intervalNanos() {
    return (long) (interval.toNanos() * (1 + JITTER * (2 * random.getAsDouble() - 1)));
  }

  /** The same text for the same failure, or each try would look like news. */
  private static String words(@Nullable Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) {
      t = t.getCause();
    }
    if (t == null) {
      return "it gave no answer";
    }
    if (t instanceof LinkException e) {
      return e.problem();
    }
    return t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
  }
}
