package io.liblink.rpc;

import io.liblink.work.Pace;

/** A method being served: what it does, and what is known of how long that takes. Thread-safe. */
public final class Method {
  private final String name;
  private final ServiceGate gate;
  private final boolean nonBlocking;
  private final boolean streaming;
  private final boolean answersLater;
  private final Work work;
  private final Pace pace;

  /**
   * A method.
   *
   * @param name without the service
   * @param gate of its service
   * @param nonBlocking whether it runs on the event loop
   * @param streaming whether it answers with items
   * @param answersLater whether it may answer after it returned
   * @param work what it does
   */
  public Method(
      String name,
      ServiceGate gate,
      boolean nonBlocking,
      boolean streaming,
      boolean answersLater,
      Work work) {
    this.name = name;
    this.gate = gate;
    this.nonBlocking = nonBlocking;
    this.streaming = streaming;
    this.answersLater = answersLater;
    this.work = work;
    this.pace = new Pace(!streaming);
  }

  /** Without the service. */
  public String name() {
    return name;
  }

  /** The service that it belongs to. */
  public ServiceGate gate() {
    return gate;
  }

  /** Whether it answers with items. */
  public boolean streaming() {
    return streaming;
  }

  boolean nonBlocking() {
    return nonBlocking;
  }

  /** Whether its calls are counted: those that are over when the event loop goes on are not. */
  boolean isCounted() {
    return !nonBlocking || answersLater;
  }

  Work work() {
    return work;
  }

  Pace pace() {
    return pace;
  }
}
