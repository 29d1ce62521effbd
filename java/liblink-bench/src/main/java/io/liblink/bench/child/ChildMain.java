package io.liblink.bench.child;

import io.liblink.bench.peers.Secrets;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One of the two processes of a pair. It takes commands from its standard input, one a line, answers
 * each with one line, and ends when the input ends, so that it never outlives its runner.
 *
 * <p>{@code serving WORKLOAD PEER DIRECTORY} says {@code ready ADDRESS [PID…]}; {@code using
 * WORKLOAD PEER DIRECTORY ADDRESS} says {@code ready}. What they are told depends on their {@link
 * Role}. Answers start with {@code ok} or {@code failed}.
 */
public final class ChildMain {
  private final PrintStream out;

  private ChildMain(PrintStream out) {
    this.out = out;
  }

  /** See the type. */
  public static void main(String[] args) throws Exception {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // what a peer prints must not look like an answer
    ChildMain child = new ChildMain(answers);
    try {
      child.run(Role.of(args, new Secrets(Path.of(args[3]))));
    } catch (Throwable e) {
      child.say("failed " + describe(e));
      e.printStackTrace(System.err);
    }
    Runtime.getRuntime().halt(0);
  }

  private void run(Role role) throws InterruptedException {
    BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> readUntilTheEnd(commands, role), "commands");
    reader.setDaemon(true);
    reader.start();
    say("ready " + role.introduction());
    while (true) {
      String command = commands.take();
      try {
        say("ok " + role.answer(command.split(" ", -1)));
      } catch (Exception e) {
        e.printStackTrace(System.err);
        say("failed " + describe(e));
      }
    }
  }

  /** Ends the process with its input, even in the middle of a slice. */
  private void readUntilTheEnd(BlockingQueue<String> commands, Role role) {
    try (role;
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String command;
      while ((command = in.readLine()) != null) {
        commands.add(command);
      }
    } catch (Exception e) {
      say("failed " + describe(e));
    }
    Runtime.getRuntime().halt(0);
  }

  private void say(String line) {
    out.println(line.replace('\n', ' '));
  }

  private static String describe(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = e; t != null && text.length() < 500; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : ": ").append(t.getClass().getSimpleName());
      if (t.getMessage() != null) {
        text.append(' ').append(t.getMessage());
      }
    }
    return text.toString();
  }
}
