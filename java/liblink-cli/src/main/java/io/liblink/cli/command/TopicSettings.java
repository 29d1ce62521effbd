package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.delivery.TopicOptions;

/** The options of what a topic keeps. */
final class TopicSettings {
  static final Option KEEP = Option.value(
      "--keep", "N", "messages kept for subscribers that are behind or come back; 16384");
  static final Option KEEP_BYTES =
      Option.value("--keep-bytes", "SIZE", "what those may take up together; 16MiB");
  static final Option LAST_VALUES = Option.value(
      "--last-values", "N", "keep the last message of so many keys for those who come later; 0");

  private TopicSettings() {}

  static TopicOptions of(Arguments arguments) {
    TopicOptions options = TopicOptions.defaults();
    return options
        .keep(
            arguments.number("--keep", options.messages(), 1, TopicOptions.MOST_MESSAGES),
            arguments.size("--keep-bytes", Math.toIntExact(options.bytes())))
        .lastValues(arguments.number("--last-values", 0, 0, TopicOptions.MOST_MESSAGES));
  }
}
