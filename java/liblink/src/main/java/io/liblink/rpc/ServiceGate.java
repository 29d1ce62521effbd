package io.liblink.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** Whether a service takes requests, and how many are with it. Thread-safe. */
public final class ServiceGate {
  private final String service;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean closed;

  /** An open gate. */
  public ServiceGate(String service) {
    this.service = service;
  }

  /** The name of the service. */
  public String service() {
    return service;
  }

  /** Takes no more requests. */
  public void close() {
    closed = true;
  }

  /** Requests that were taken and not answered. */
  public int inFlight() {
    return inFlight.get();
  }

  boolean isClosed() {
    return closed;
  }

  boolean enter() {
    inFlight.incrementAndGet();
    if (closed) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    inFlight.decrementAndGet();
  }
}
