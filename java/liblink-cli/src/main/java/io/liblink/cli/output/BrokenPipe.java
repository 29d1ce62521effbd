package io.liblink.cli.output;

/** Nobody reads the data any more (as after {@code | head}): the program ends, quietly. */
public final class BrokenPipe extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenPipe() {
    super("nobody reads the output any more", null, false, false);
  }
}
