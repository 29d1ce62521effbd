package io.liblink.cli.command;

import io.liblink.Item;
import io.liblink.ItemWorker;
import io.liblink.cli.output.BrokenPipe;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import java.time.Duration;
import java.util.Map;

/** A queue worked on by a program: exit code 0 acknowledges the item. Thread-safe. */
final class CommandWorker implements ItemWorker<Message> {
  private final Target queue;
  private final ShellCommand command;
  private final Outcomes outcomes;
  private final TimeSource time;
  private final Runnable unread;

  /** {@code unread} is run when nobody reads what is printed any more. */
  CommandWorker(
      Target queue, ShellCommand command, Outcomes outcomes, TimeSource time, Runnable unread) {
    this.queue = queue;
    this.command = command;
    this.outcomes = outcomes;
    this.time = time;
    this.unread = unread;
  }

  @Override
  public void work(Message message, Item item) throws Exception {
    long start = time.nanos();
    byte[] output;
    try {
      output = command.run(message, variables(item), new Producer(item));
    } catch (LinkException e) {
      outcomes.rejected(queue.toString(), item, e, time.nanos() - start);
      throw e;
    }
    try {
      outcomes.acknowledged(queue.toString(), item, output, time.nanos() - start);
    } catch (BrokenPipe e) {
      unread.run(); // the item is done all the same
    }
  }

  private record Producer(Item item) implements ShellCommand.Waiting {
    @Override
    public Duration remaining() {
      return item.remaining();
    }

    @Override
    public boolean cancelled() {
      return item.cancelled();
    }

    @Override
    public String who() {
      return "the producer";
    }
  }

  private Map<String, String> variables(Item item) {
    Map<String, String> env = ShellCommand.variables(item.message());
    env.put("LIBLINK_SERVICE", queue.service());
    env.put("LIBLINK_QUEUE", queue.endpoint());
    env.put("LIBLINK_PRODUCER", item.producer().spiffeId());
    env.put("LIBLINK_ITEM_ID", Outcomes.id(item));
    env.put("LIBLINK_ATTEMPT", Integer.toString(item.attempt()));
    env.put("LIBLINK_REMAINING_MS", Long.toString(item.remaining().toMillis()));
    env.put("TRACEPARENT", item.traceparent());
    return env;
  }
}
