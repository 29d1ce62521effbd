package io.liblink.cli.command;

import io.liblink.cli.args.UsageException;
import io.liblink.message.Names;

/**
 * What is called, written {@code service/method}.
 *
 * @param service a valid service name
 * @param method a valid endpoint name
 */
record Target(String service, String method) {
  static Target parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw new UsageException(
          "'" + text + "' names no method: write SERVICE/METHOD",
          "'liblink info " + (slash > 0 ? text.substring(0, slash) : text) + "' lists the methods");
    }
    try {
      return new Target(
          Names.service(text.substring(0, slash)), Names.endpoint(text.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return service + "/" + method;
  }
}
