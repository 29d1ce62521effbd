package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import java.time.Duration;

/** The options that choose among instances and bound the time, and the handle they make. */
final class Calling {
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  static final Option DEADLINE =
      Option.value("--timeout", "DURATION", "the deadline, 300ms, 5s or 1m; 5s without it");
  static final Option WHERE =
      Option.value("--where", "SELECTOR", "only instances whose metadata fits: 'zone == \"eu\"'");
  static final Option TO =
      Option.value("--to", "INSTANCE", "only the instance with that id, its first digits, or node");
  static final Option IDEMPOTENT =
      Option.flag("--idempotent", "a repeat is harmless: try again even when it may have run");

  private Calling() {}

  /** The handle for a service with what the options say. */
  static RemoteService handle(Node node, String service, Arguments arguments) {
    RemoteService handle =
        chosen(node.service(service), arguments).timeout(arguments.duration("--timeout", TIMEOUT));
    handle = Choosing.sticky(handle, arguments);
    return arguments.has("--idempotent") ? handle.idempotent() : handle;
  }

  /** Those of the instances that the options choose. */
  static RemoteService chosen(RemoteService service, Arguments arguments) {
    RemoteService handle = service;
    String where = arguments.value("--where");
    if (where != null) {
      handle = handle.where(where);
    }
    String to = arguments.value("--to");
    if (to != null) {
      handle = handle.to(to);
    }
    return handle;
  }
}
