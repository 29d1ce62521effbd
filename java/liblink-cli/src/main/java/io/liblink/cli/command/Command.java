package io.liblink.cli.command;

import io.liblink.cli.args.Shape;

/** Something the program can do. */
public interface Command {
  /** What its command line looks like. */
  Shape shape();

  /**
   * Does it.
   *
   * @return the exit code
   * @throws Exception what the program reports by its kind: {@link
   *     io.liblink.cli.args.UsageException}, {@link io.liblink.status.LinkException}
   */
  int run(Invocation call) throws Exception;
}
