package io.liblink.testkit.network;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.time.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries every byte between the nodes of a test cluster, so that it can be delayed, held back or cut
 * without the nodes' doing. Nodes know each other by the addresses that {@link #way} gives. One
 * thread does all the work; the public methods are for any other.
 */
public final class Network implements Ways, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Network.class.getName());
  private static final int READ = 256 * 1024;
  private static final long PATIENCE_SECONDS = 10;

  private record Pair(String from, String to) {}

  private record Way(String from, NodeId to, Address target) {}

  private final TimeSource time;
  private final Conditions.Between between;
  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(READ);
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Wire> wires = new ArrayList<>(); // the thread's own
  private final Map<Way, Gate> gates = new HashMap<>(); // guarded by itself
  private final Map<Pair, AtomicLong> dials = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Starts its thread. Delays are measured by {@code time}. */
  public Network(TimeSource time, Conditions.Between between) {
    this.time = time;
    this.between = between;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.thread = new Thread(this::run, "liblink-test-network");
    thread.setDaemon(true);
    thread.start();
  }

  // ---- from other threads -------------------------------------------------------------------

  @Override
  public Address way(String from, String to, NodeId run, Address target) {
    synchronized (gates) {
      Way key = new Way(from, run, target);
      Gate known = gates.get(key);
      if (known != null) {
        return known.address();
      }
      try {
        AtomicLong counter = dials.computeIfAbsent(new Pair(from, to), k -> new AtomicLong());
        Gate made = new Gate(from, to, target, between.of(from, to), counter);
        gates.put(key, made);
        onThread(() -> register(made));
        return made.address();
      } catch (IOException e) {
        throw new UncheckedIOException("no way from " + from + " to " + to, e);
      }
    }
  }

  @Override
  public void forget(NodeId run) {
    synchronized (gates) {
      gates.entrySet().removeIf(e -> {
        if (e.getKey().to().equals(run)) {
          onThread(e.getValue()::close);
          return true;
        }
        return false;
      });
    }
  }

  /** What {@link Conditions.Between} says has changed; returns when it is in force. */
  public void refresh() {
    synchronized (gates) {
      gates.values().forEach(g -> g.conditions(between.of(g.from(), g.to())));
    }
    await(() -> {});
  }

  /** Breaks the connections of those pairs, dialer first; returns when it is done. */
  public void cut(BiPredicate<String, String> pairs) {
    await(() -> wires.stream()
        .filter(w -> pairs.test(w.gate().from(), w.gate().to()))
        .forEach(Wire::reset));
  }

  /** How many connections of those pairs, dialer first, are open. */
  public int connections(BiPredicate<String, String> pairs) {
    int[] count = new int[1];
    await(() -> count[0] = (int) wires.stream()
        .filter(w -> w.isOpen() && pairs.test(w.gate().from(), w.gate().to()))
        .count());
    return count[0];
  }

  /** How many connections of those pairs were ever made, refused ones included. */
  public long dials(BiPredicate<String, String> pairs) {
    return dials.entrySet().stream()
        .filter(e -> pairs.test(e.getKey().from(), e.getKey().to()))
        .mapToLong(e -> e.getValue().get())
        .sum();
  }

  private void onThread(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void await(Runnable task) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    onThread(() -> {
      task.run();
      done.complete(null);
    });
    if (!closed) {
      done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  /** Breaks everything. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(PATIENCE_SECONDS * 1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread ---------------------------------------------------------------------------

  private void run() {
    try {
      long next = Long.MAX_VALUE;
      while (!closed) {
        select(next);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        accept();
        next = turn();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the network of a test cluster failed", e);
    } finally {
      wires.forEach(Wire::reset);
      synchronized (gates) {
        gates.values().forEach(Gate::close);
      }
      closeQuietly(selector);
      tasks.forEach(Runnable::run); // so that nobody waits for them
    }
  }

  private void select(long nanos) throws IOException {
    selector.selectedKeys().clear();
    if (nanos == Long.MAX_VALUE) {
      selector.select();
    } else {
      selector.select(Math.max(1, time.sleepNanos(nanos) / 1_000_000));
    }
  }

  private void register(Gate gate) {
    try {
      gate.register(selector);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() throws IOException {
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.attachment() instanceof Gate gate && key.isValid()) {
        for (SocketChannel c = gate.accept(); c != null; c = gate.accept()) {
          connect(gate, c);
        }
      }
    }
  }

  private void connect(Gate gate, SocketChannel dialer) {
    try {
      wires.add(new Wire(gate, dialer, selector));
    } catch (IOException e) {
      closeQuietly(dialer);
    }
  }

  private long turn() {
    long now = time.nanos();
    long next = Long.MAX_VALUE;
    for (Wire wire : wires) {
      try {
        if (wire.isOpen()) {
          next = Math.min(next, wire.turn(scratch, now));
        }
      } catch (CancelledKeyException e) {
        wire.reset();
      }
    }
    wires.removeIf(w -> !w.isOpen());
    return next;
  }

  static void closeQuietly(Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing " + resource, e);
    }
  }
}
