package io.liblink.cli;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Logs;
import io.liblink.time.TimeSource;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Map;

/** Where the program starts. */
public final class Main {
  /** Which of the standard streams end at a terminal, as the launcher saw it: {@code 12}. */
  private static final String TERMINALS = "liblink.terminals";

  private Main() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] words) {
    Logs.install();
    Map<String, String> environment = System.getenv();
    boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    Console console = new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getProperty(TERMINALS, ""),
        colours);
    System.exit(new Program(console, environment, TimeSource.system()).run(List.of(words)));
  }
}
