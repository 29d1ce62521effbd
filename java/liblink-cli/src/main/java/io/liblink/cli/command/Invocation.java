package io.liblink.cli.command;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.output.Console;
import io.liblink.time.TimeSource;

/**
 * One run of a command.
 *
 * @param arguments the parsed command line
 * @param console where data and narration go
 * @param settings the cluster and how to reach it
 * @param time the clock
 */
public record Invocation(
    Arguments arguments, Console console, Settings settings, TimeSource time) {}
