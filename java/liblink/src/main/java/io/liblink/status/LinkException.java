package io.liblink.status;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every failure of liblink: what failed, where, why, whether the handler may have run, and what was
 * tried. The message says it in words; the accessors say it to programs. A handler throws one to
 * choose the status that its caller sees; any other exception of a handler arrives as {@link
 * Status#UNKNOWN} without its text.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final Stage stage;
  private final Ran ran;
  private final String problem;
  private final @Nullable String instance;
  private final @Nullable String address;
  private final int attempts;
  private final Duration elapsed;

  private LinkException(Builder b) {
    super(b.text(), b.cause, true, b.stackTrace);
    this.status = b.status;
    this.stage = b.stage;
    this.ran = b.ran;
    this.problem = b.problem;
    this.instance = b.instance;
    this.address = b.address;
    this.attempts = b.attempts;
    this.elapsed = b.elapsed;
  }

  /** What a handler throws to answer with a status and a text that its caller will read. */
  public LinkException(Status status, String problem) {
    this(new Builder(status, Stage.HANDLE, problem).ran(Ran.YES));
  }

  /** Starts a failure of that status at that stage; {@code problem} says what and why, in words. */
  public static Builder failure(Status status, Stage stage, String problem) {
    return new Builder(status, stage, problem);
  }

  /** Starts from this failure, to add what an outer layer knows; this one becomes no cause. */
  public Builder toBuilder() {
    Builder b = new Builder(status, stage, problem).ran(ran).attempts(attempts).elapsed(elapsed);
    b.instance = instance;
    b.address = address;
    b.cause = getCause();
    return b;
  }

  /** The code that programs decide on. Never {@link Status#OK}. */
  public Status status() {
    return status;
  }

  /** How far the exchange had come. */
  public Stage stage() {
    return stage;
  }

  /** Whether the handler may have run. */
  public Ran ran() {
    return ran;
  }

  /** What failed and why, without the surroundings that {@link #getMessage()} adds. */
  public String problem() {
    return problem;
  }

  /** The instance that was tried last, as {@code node@id}; null when none was chosen. */
  public @Nullable String instance() {
    return instance;
  }

  /** The address that was tried last, as {@code host:port}; null when none was tried. */
  public @Nullable String address() {
    return address;
  }

  /** How often it was tried, over all instances; 0 when it failed before the first. */
  public int attempts() {
    return attempts;
  }

  /** From the start of the exchange to its failure. */
  public Duration elapsed() {
    return elapsed;
  }

  /** Collects what is known of a failure. Not thread-safe. */
  public static final class Builder {
    private final Status status;
    private Stage stage;
    private String problem;
    private Ran ran = Ran.NO;
    private @Nullable String instance;
    private @Nullable String address;
    private int attempts;
    private Duration elapsed = Duration.ZERO;
    private @Nullable Throwable cause;
    private boolean stackTrace = true;

    private Builder(Status status, Stage stage, String problem) {
      if (status == Status.OK) {
        throw new IllegalArgumentException("OK is not a failure");
      }
      this.status = Objects.requireNonNull(status, "status");
      this.stage = Objects.requireNonNull(stage, "stage");
      this.problem = Objects.requireNonNull(problem, "problem");
    }

    /** Default {@link Ran#NO}. */
    public Builder ran(Ran ran) {
      this.ran = ran;
      return this;
    }

    /** Default: the stage that the failure was started with. */
    public Builder stage(Stage stage) {
      this.stage = stage;
      return this;
    }

    /** Replaces the text. */
    public Builder problem(String problem) {
      this.problem = problem;
      return this;
    }

    /** The instance tried, as {@code node@id}. */
    public Builder instance(@Nullable String instance) {
      this.instance = instance;
      return this;
    }

    /** The address tried, as {@code host:port}. */
    public Builder address(@Nullable String address) {
      this.address = address;
      return this;
    }

    /** How many were tried, this one included. */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /** Since the start of the exchange. */
    public Builder elapsed(Duration elapsed) {
      this.elapsed = elapsed;
      return this;
    }

    /** What was caught. */
    public Builder cause(@Nullable Throwable cause) {
      this.cause = cause;
      return this;
    }

    /**
     * Leaves out the stack trace. For failures that are made on an event loop, where the stack says
     * nothing about the caller and costs more than the call.
     */
    public Builder withoutStackTrace() {
      this.stackTrace = false;
      return this;
    }

    /** The exception. */
    public LinkException build() {
      return new LinkException(this);
    }

    private String text() {
      StringBuilder s = new StringBuilder(160);
      s.append(status).append(": ").append(problem);
      s.append(" [stage ").append(stage.name().toLowerCase(java.util.Locale.ROOT));
      if (instance != null) {
        s.append(", instance ").append(instance);
      }
      if (address != null) {
        s.append(", address ").append(address);
      }
      if (attempts > 0) {
        s.append(", attempts ").append(attempts);
      }
      if (!elapsed.isZero()) {
        s.append(", after ").append(elapsed.toMillis()).append(" ms");
      }
      s.append(
          switch (ran) {
            case NO -> ", the handler did not run]";
            case MAYBE -> ", the handler may have run]";
            case YES -> ", the handler ran]";
          });
      return s.toString();
    }
  }
}
