package io.liblink.registry;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where instances are announced and watched. One registry serves one node. Implementations are
 * thread-safe and never block their callers: work goes on behind the methods, is retried until it
 * succeeds, and problems show in {@link View#problem()} and in the stage that is returned.
 *
 * <p>A registry that is down does not keep a node from starting: {@link #announce} takes effect when
 * it is back, and views keep what was known last (fail-static), with their age.
 */
public interface Registry extends AutoCloseable {
  /** The URI it was made from, without secrets; messages and listings show it. */
  String uri();

  /**
   * Announces an instance, or replaces what was announced of the same service before. It is kept
   * announced until {@link #withdraw} or {@link #close()}.
   *
   * @return completes when the registry took it the first time; completes exceptionally with {@link
   *     io.liblink.status.LinkException} when it will never take it
   */
  CompletionStage<Void> announce(Instance instance);

  /** Takes back what was announced of that service. Completes when watchers can see it. */
  CompletionStage<Void> withdraw(String service);

  /**
   * Watches a service: the listener gets the whole view at once if it is known and after every
   * change of its instances or its problem, one call at a time, on a thread of the registry. It
   * must not block. What it throws is logged and keeps nobody else from being told.
   *
   * @throws IllegalStateException when the registry is closed
   */
  Watch watch(String service, Consumer<View> listener);

  /**
   * What the listeners of a service will use: instances that one of the filters selects. A registry whose
   * servers can leave out the others may have them do it, and then says so in {@link View#onlyFor};
   * views may always hold more, never less. What was said before of that service no longer counts.
   * Returns at once.
   *
   * @param anyOf empty for all instances
   */
  default void narrow(String service, List<Filter> anyOf) {}

  /** The names of all services that the registry knows now. */
  CompletionStage<Set<String>> services();

  /**
   * Evidence against an instance: it could not be reached where it was announced, or somebody else
   * answered there. A registry that would look again only later looks now; one that is told of
   * changes by its server does nothing. May be called as often as connections fail: looking is
   * limited in rate. Returns at once.
   */
  default void suspect(Instance instance) {}

  /** How long at most a change, or a crash, takes to be seen in a view while the registry is up. */
  Duration staleness();

  /**
   * What is wrong now, in words for the operator: why announcements wait, why views grow old, what
   * was skipped. Empty when all is well.
   */
  default String problem() {
    return "";
  }

  /** Withdraws everything and ends all watches. Idempotent. */
  @Override
  void close();

  /** An ongoing watch. */
  interface Watch extends AutoCloseable {
    /**
     * Ends the watch without waiting: a call of the listener that is under way may still finish, no
     * other begins. Idempotent.
     */
    @Override
    void close();
  }
}
