package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.delivery.QueueOptions;
import java.time.Duration;

/** The options of how a queue is worked on. */
final class QueueSettings {
  private static final int REMEMBERED = 1_000_000;

  static final Option DEDUPLICATE = Option.value(
      "--deduplicate",
      "DURATION",
      "acknowledge an item that was done here within that time without doing it again");

  private QueueSettings() {}

  static QueueOptions of(Arguments arguments, int concurrency) {
    QueueOptions options = QueueOptions.defaults().concurrency(concurrency);
    return arguments.has("--deduplicate")
        ? options.deduplicate(REMEMBERED, arguments.duration("--deduplicate", Duration.ZERO))
        : options;
  }
}
