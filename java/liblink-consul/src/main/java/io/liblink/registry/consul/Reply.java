package io.liblink.registry.consul;

import java.nio.charset.StandardCharsets;

/**
 * What the agent answered.
 *
 * @param status the status of HTTP
 * @param index what a blocking query waits beyond, never 0; 1 where the agent gave none
 * @param filtered whether the agent says that the token may not see all of it
 * @param body all of it
 */
record Reply(int status, long index, boolean filtered, byte[] body) {
  private static final int LONGEST = 200;

  boolean isOk() {
    return status == 200;
  }

  /** The reason of a failure in the agent's words, fit for one line of a log. */
  String words() {
    return Printable.line(
        new String(body, 0, Math.min(body.length, 4 * LONGEST), StandardCharsets.UTF_8), LONGEST);
  }

  /** What a failure means, for the operator. */
  String problem() {
    String said = words();
    String text = said.isEmpty() ? "status " + status : status + ": " + said;
    return switch (status) {
      case 401, 403 ->
        said.contains("ACL not found") || said.contains("ACL token")
            ? "the agent does not know the token (" + text + "): check the token file or variable"
            : "the token is not allowed to (" + text + "): give it the rights, or another token";
      case 429 ->
        "the agent takes no more connections from this host (" + text
            + "): raise limits.http_max_conns_per_client";
      default -> "the agent answered " + text;
    };
  }
}
