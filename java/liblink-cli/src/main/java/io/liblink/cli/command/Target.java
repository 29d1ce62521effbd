package io.liblink.cli.command;

import io.liblink.cli.args.UsageException;
import io.liblink.message.Names;

/**
 * What is talked to, written {@code service/endpoint}.
 *
 * @param service a valid service name
 * @param endpoint a valid endpoint name, or a pattern of some
 */
record Target(String service, String endpoint) {
  static Target method(String text) {
    Target target = parse(text, "method");
    return new Target(target.service, checked(() -> Names.endpoint(target.endpoint)));
  }

  static Target topic(String text) {
    Target target = parse(text, "topic");
    return new Target(target.service, checked(() -> Names.endpoint(target.endpoint)));
  }

  static Target queue(String text) {
    Target target = parse(text, "queue");
    return new Target(target.service, checked(() -> Names.endpoint(target.endpoint)));
  }

  /** A topic, or a pattern: {@code *} for one token of a name, {@code >} at the end for the rest. */
  static Target topics(String text) {
    Target target = parse(text, "topic");
    if (!target.isPattern()) {
      return topic(text);
    }
    checked(() -> Names.endpoint(target
        .endpoint
        .replaceAll("(^|\\.)\\*(?=\\.|$)", "$1any")
        .replaceAll("(^|\\.)>$", "$1any")));
    return target;
  }

  /** Whether several endpoints may be meant. */
  boolean isPattern() {
    return endpoint.indexOf('*') >= 0 || endpoint.indexOf('>') >= 0;
  }

  static Target parse(String text, String kind) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw new UsageException(
          "'" + text + "' names no " + kind + ": write SERVICE/"
              + kind.toUpperCase(java.util.Locale.ROOT),
          "'liblink info " + (slash > 0 ? text.substring(0, slash) : text) + "' lists the "
              + kind
              + "s");
    }
    return new Target(
        checked(() -> Names.service(text.substring(0, slash))), text.substring(slash + 1));
  }

  private static String checked(java.util.function.Supplier<String> name) {
    try {
      return name.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return service + "/" + endpoint;
  }
}
