package io.liblink;

import io.liblink.registry.Instance;
import io.liblink.rpc.ServiceGate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One service being served. */
final class ServedService implements Served {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final long POLL_NANOS = 1_000_000;

  private final NodeCore core;
  private final ServedServices owner;
  private final ServiceGate gate;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Set<String> groups;

  /** Written under this object's monitor. */
  private volatile Instance instance;

  /** Without that of the node; guarded by this. */
  private Map<String, String> metadata;

  ServedService(
      NodeCore core, ServedServices owner, ServiceGate gate, Service service, Instance instance) {
    this.core = core;
    this.owner = owner;
    this.gate = gate;
    this.groups = service.groups();
    this.metadata = Map.copyOf(service.metadata());
    this.instance = instance;
  }

  @Override
  public Instance instance() {
    return instance;
  }

  @Override
  public void ready(boolean ready) {
    change(i -> i.withReady(ready));
  }

  @Override
  public void weight(int weight) {
    change(i -> i.withWeight(weight));
  }

  @Override
  public void meta(String key, @Nullable String value) {
    change(i -> {
      metadata = NodeMetadata.changed(metadata, key, value);
      return withMetadata(i);
    });
  }

  private Instance withMetadata(Instance i) {
    return i.withMetadata(ServedServices.merged(core.metadata().get(), metadata, groups));
  }

  private void change(UnaryOperator<Instance> changes) {
    core.requireMayBlock();
    CompletionStage<Void> announced;
    synchronized (this) {
      if (closed.get()) {
        throw new IllegalStateException("the service '" + gate.service() + "' is closed");
      }
      instance = changes.apply(instance);
      announced = core.registry().announce(instance);
    }
    ServedServices.await(announced, "announcing '" + gate.service() + "'");
  }

  /** The metadata of the node changed. */
  synchronized CompletionStage<Void> announceAgain() {
    if (closed.get()) {
      return CompletableFuture.completedFuture(null);
    }
    instance = withMetadata(instance);
    return core.registry().announce(instance);
  }

  @Override
  public void close() {
    core.requireMayBlock();
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      ServedServices.await(
          core.registry().withdraw(gate.service()), "withdrawing '" + gate.service() + "'");
    } finally {
      gate.close();
      owner.topics().drain(gate.service());
      core.queues().drain(gate.service());
      long deadline = core.nanos() + Timeouts.nanos(core.options().timeouts.drain());
      while ((gate.inFlight() > 0
              || !owner.topics().isLeft(gate.service())
              || !core.queues().isIdle(gate.service()))
          && deadline - core.nanos() > 0
          && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      core.dispatcher().remove(gate.service());
      owner.topics().remove(gate.service());
      core.queues().remove(gate.service());
      core.admission().remove(gate.service());
      owner.forget(this);
    }
  }

  /** It could not be announced: as if it had never been served. */
  void abandon() {
    closed.set(true);
    gate.close();
    core.dispatcher().remove(gate.service());
    owner.topics().remove(gate.service());
    core.queues().remove(gate.service());
    core.admission().remove(gate.service());
    owner.forget(this);
    try {
      core.registry().withdraw(gate.service());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "nothing to withdraw", e);
    }
  }
}
