package io.liblink.registry.loop;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Instances that somebody could not reach, on their way to the registry's thread: each waits there
 * once, however many callers fail at it meanwhile. Thread-safe.
 */
public final class Suspects {
  private final Executor loop;
  private final Consumer<Instance> judge;
  private final Set<Suspect> waiting = ConcurrentHashMap.newKeySet();

  private record Suspect(String service, NodeId id) {}

  /**
   * Nobody yet.
   *
   * @param loop runs something on the registry's thread
   * @param judge looks into one, on that thread
   */
  public Suspects(Executor loop, Consumer<Instance> judge) {
    this.loop = loop;
    this.judge = judge;
  }

  /** Somebody could not reach it. */
  public void add(Instance instance) {
    Suspect suspect = new Suspect(instance.service(), instance.id());
    if (waiting.add(suspect)) {
      loop.execute(() -> {
        waiting.remove(suspect);
        judge.accept(instance);
      });
    }
  }
}
