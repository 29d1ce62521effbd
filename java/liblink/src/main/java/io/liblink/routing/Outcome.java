package io.liblink.routing;

import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;

/**
 * What the end of one attempt says about the instance that it went to. Not the same as success or
 * failure for the caller: an exception thrown by a handler is the caller's trouble, yet it proves
 * that the instance is reachable.
 */
public enum Outcome {
  /** A reply. Its latency counts, and a row of faults ends. */
  REPLIED,

  /**
   * A failure that the instance itself reported, such as an exception of the handler or a denial. It
   * ends a row of faults. Its latency counts only where it is above the known one: failing quickly
   * must not attract more calls.
   */
  ANSWERED,

  /**
   * Refused because of overload. It ends a row of faults, and other instances are preferred for
   * {@link InstanceState#BUSY_NANOS}: a refusal is quick and would otherwise attract more calls.
   */
  BUSY,

  /**
   * No reply within the deadline. {@link #FAULT} when at least {@link InstanceState#LATE_FACTOR}
   * times the known latency was waited; otherwise the deadline was too short for this service, and
   * only the latency counts.
   */
  LATE,

  /** Given up by the caller: says nothing, except that the latency is at least what was waited. */
  CANCELLED,

  /**
   * The call left an instance that stands still, see {@link InstanceState#still}: nothing is known of how long it
   * would have taken.
   */
  STILL,

  /** Speaks against the instance; enough of these in a row eject it. */
  FAULT;

  /**
   * Judges a failure.
   *
   * <ul>
   *   <li>{@code UNAVAILABLE}: {@link #FAULT} at every stage (refused, unreachable, broken).
   *   <li>{@code DEADLINE_EXCEEDED}: {@link #LATE} while connecting, sending or waiting. Reported by
   *       the handler it is {@link #ANSWERED}: something behind the instance was late.
   *   <li>{@code UNAUTHENTICATED}, {@code INTERNAL}, {@code DATA_LOSS}: {@link #FAULT} before the
   *       handler, since then the handshake or the protocol failed; otherwise {@link #ANSWERED}.
   *   <li>{@code RESOURCE_EXHAUSTED}: {@link #BUSY}.
   *   <li>{@code CANCELLED}: {@link #CANCELLED}.
   *   <li>All others are answers.
   * </ul>
   */
  public static Outcome of(Status status, Stage stage) {
    return switch (status) {
      case OK -> REPLIED;
      case UNAVAILABLE -> FAULT;
      case DEADLINE_EXCEEDED -> stage == Stage.HANDLE ? ANSWERED : LATE;
      case UNAUTHENTICATED, INTERNAL, DATA_LOSS ->
        stage == Stage.HANDLE || stage == Stage.AUTHORIZE ? ANSWERED : FAULT;
      case RESOURCE_EXHAUSTED -> BUSY;
      case CANCELLED -> CANCELLED;
      default -> ANSWERED;
    };
  }

  /** Judges a failure; see {@link #of(Status, Stage)}. */
  public static Outcome of(LinkException failure) {
    return of(failure.status(), failure.stage());
  }
}
