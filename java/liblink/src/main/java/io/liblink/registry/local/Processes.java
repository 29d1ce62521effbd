package io.liblink.registry.local;

import org.jspecify.annotations.Nullable;

/** Evidence about the processes behind entries, where the machine lets this one see them. */
interface Processes {
  /** What is known of a process. */
  enum Life {
    /** Nothing: another process namespace, or a system without this evidence. */
    UNKNOWN,
    /** It is there and not stopped. */
    RUNNING,
    /** It is there, but stopped by a signal or a debugger. */
    STOPPED,
    /** It is gone for good: its triple never comes back to life. */
    GONE
  }

  /**
   * One run of a process.
   *
   * @param pid its number, within the scope
   * @param start when it started, in the kernel's ticks since boot: tells runs with the same number
   *     apart
   * @param scope names the boot of the machine and the process namespace; only processes of the same
   *     scope can judge each other
   */
  record Run(long pid, long start, String scope) {}

  /** This process; null where there is no evidence to give. */
  @Nullable
  Run self();

  /** What is known of that one. */
  Life life(@Nullable Run run);

  /** No evidence at all. */
  static Processes none() {
    return new Processes() {
      @Override
      public @Nullable Run self() {
        return null;
      }

      @Override
      public Life life(@Nullable Run run) {
        return Life.UNKNOWN;
      }
    };
  }
}
