package io.liblink.cli.args;

/** The command line can't be meant that way; the text says what is wrong and what would be right. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /** With the problem only. */
  public UsageException(String problem) {
    this(problem, "");
  }

  /** With the problem and a line that helps. */
  public UsageException(String problem, String hint) {
    super(problem, null, false, false);
    this.hint = hint;
  }

  /** What helps, empty when there is nothing to add. */
  public String hint() {
    return hint;
  }
}
