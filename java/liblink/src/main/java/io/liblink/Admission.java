package io.liblink;

import io.liblink.routing.CallerRule;
import io.liblink.session.RefusedStream;
import io.liblink.session.Stream;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import io.liblink.telemetry.Drop;
import io.liblink.transport.Link;
import io.liblink.wire.CloseFrame;
import io.liblink.wire.OpenFrame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps callers from services that are not for them, on every stream that they open. Asked on event
 * loops; changed by any thread.
 */
final class Admission {
  private final Counters counters;

  /** By service; only those that are not for all. Replaced as a whole. */
  private volatile Map<String, CallerRule> rules = Map.of();

  Admission(Counters counters) {
    this.counters = counters;
  }

  synchronized void put(String service, CallerRule rule) {
    Map<String, CallerRule> changed = new HashMap<>(rules);
    if (rule.isOpen()) {
      changed.remove(service);
    } else {
      changed.put(service, rule);
    }
    rules = Map.copyOf(changed);
  }

  synchronized void remove(String service) {
    Map<String, CallerRule> changed = new HashMap<>(rules);
    changed.remove(service);
    rules = Map.copyOf(changed);
  }

  /** Why the peer may not use that service, in words; null when it may. */
  @Nullable
  String why(Link link, String service) {
    CallerRule rule = rules.get(service);
    return rule == null
        ? null
        : rule.refusal(
            link.identity().node(), link.peer().instance(), link.peer().metadata());
  }

  /** What answers a stream that the peer may not open; null when it may. */
  @Nullable
  Stream refusal(Link link, OpenFrame open) {
    if (rules.isEmpty()) {
      return null;
    }
    String target = open.target().toString();
    int slash = target.indexOf('/');
    String why = slash < 0 ? null : why(link, target.substring(0, slash));
    if (why == null) {
      return null;
    }
    counters.drop(Drop.CALLER_REFUSED);
    return new RefusedStream(CloseFrame.failure(
        Status.PERMISSION_DENIED,
        Stage.AUTHORIZE,
        Ran.NO,
        "the service '" + target.substring(0, slash) + "' " + why));
  }
}
