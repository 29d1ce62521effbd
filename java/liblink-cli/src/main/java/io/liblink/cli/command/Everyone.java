package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Asks the nodes behind instances, many at a time: one that does not answer keeps no other waiting. */
final class Everyone {
  /** Links that are made at once. */
  private static final int AT_ONCE = 64;

  /** What one node answered, or why it did not; one of both is null. */
  record Answer<T>(
      Instance instance, @Nullable T value, @Nullable LinkException failure) {}

  private Everyone() {}

  /**
   * Calls a method of the built-in service on each; returns when all have answered or time is over.
   *
   * @param patience for each of them
   * @return in the order of the instances
   */
  static <T> List<Answer<T>> ask(
      Node node, List<Instance> instances, Duration patience, String method, Class<T> type) {
    Semaphore room = new Semaphore(AT_ONCE);
    List<CompletableFuture<T>> asked = new ArrayList<>(instances.size());
    for (Instance instance : instances) {
      room.acquireUninterruptibly(); // each gives its place back within its patience
      asked.add(NodeFacts.of(node, instance, patience)
          .callAsync(method, Message.empty(), type)
          .whenComplete((value, failure) -> room.release()));
    }
    List<Answer<T>> answers = new ArrayList<>(instances.size());
    for (int i = 0; i < instances.size(); i++) {
      answers.add(answer(instances.get(i), asked.get(i)));
    }
    return answers;
  }

  private static <T> Answer<T> answer(Instance instance, CompletableFuture<T> asked) {
    try {
      return new Answer<>(instance, asked.join(), null);
    } catch (CompletionException e) {
      LinkException failure = e.getCause() instanceof LinkException link
          ? link
          : LinkException.failure(
                  Status.INTERNAL, Stage.WAIT, "the answer can't be read: " + e.getCause())
              .build();
      return new Answer<>(instance, null, failure);
    }
  }

  /** Says that a node did not answer, and why. */
  static void saySilent(Invocation call, Instance instance, LinkException failure) {
    call.console()
        .problem(call.console().paint().red(instance.label() + "  " + failure.status())
            + ": "
            + failure.problem());
  }
}
