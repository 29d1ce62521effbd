package io.liblink.cli.command;

import io.liblink.Handler;
import io.liblink.Request;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A method answered by a program: its standard output is the reply. Thread-safe; at most as many run
 * at once as there are slots.
 */
final class CommandHandler implements Handler {
  private final ShellCommand command;
  private final Semaphore slots;
  private final int concurrency;
  private final @Nullable String type;

  /**
   * Runs {@code command} for each request.
   *
   * @param slots shared by all methods of the service
   * @param concurrency how many slots there are, for the message
   * @param type the content type of replies, null to go by their looks
   */
  CommandHandler(ShellCommand command, Semaphore slots, int concurrency, @Nullable String type) {
    this.command = command;
    this.slots = slots;
    this.concurrency = concurrency;
    this.type = type;
  }

  @Override
  public Message handle(Request request) throws Exception {
    if (!slots.tryAcquire()) {
      throw new LinkException(
          Status.RESOURCE_EXHAUSTED,
          Figures.count(concurrency, "command") + " run already; --concurrency sets how many may");
    }
    try {
      byte[] reply = command.run(request.message(), variables(request), new Caller(request));
      return new Message(Body.contentType(type, reply), Map.of(), reply);
    } finally {
      slots.release();
    }
  }

  private record Caller(Request request) implements ShellCommand.Waiting {
    @Override
    public Duration remaining() {
      return request.remaining();
    }

    @Override
    public boolean cancelled() {
      return request.cancelled();
    }

    @Override
    public String who() {
      return "the caller";
    }
  }

  private static Map<String, String> variables(Request request) {
    Map<String, String> env = ShellCommand.variables(request.message());
    env.put("LIBLINK_SERVICE", request.service());
    env.put("LIBLINK_METHOD", request.method());
    env.put("LIBLINK_CALLER", request.caller().spiffeId());
    env.put("LIBLINK_REMAINING_MS", Long.toString(request.remaining().toMillis()));
    env.put("LIBLINK_ATTEMPT", Integer.toString(request.attempt()));
    env.put("TRACEPARENT", request.traceparent());
    return env;
  }
}
