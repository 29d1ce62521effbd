package io.liblink.proof.process;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process of a proof: {@code ROLE LIFE-SECONDS key=value…}. It says {@code ready}, then answers each line of its
 * standard input with one line, {@code ok} and facts or {@code failed} and why. It ends with its input, and after
 * its life's time whatever happens, so that it outlives neither its proof nor its use.
 */
public final class ChildMain {
  private final PrintStream out;
  private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

  private ChildMain(PrintStream out) {
    this.out = out;
  }

  /** See the type. */
  public static void main(String[] args) throws Exception {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // what others print must not look like an answer
    ChildMain child = new ChildMain(answers);
    daemon("life", () -> endAfter(Long.parseLong(args[1])));
    daemon("commands", child::readCommands);
    try {
      Facts told = Facts.parse(String.join(" ", Arrays.asList(args).subList(2, args.length)));
      Part part = new Part(told);
      Class.forName(args[0])
          .asSubclass(Role.class)
          .getConstructor()
          .newInstance()
          .start(part);
      child.say("ready");
      while (true) {
        child.obey(part, child.commands.take());
      }
    } catch (Throwable e) {
      child.fail(e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void endAfter(long seconds) {
    try {
      Thread.sleep(seconds * 1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.println("ended: its time was over");
    Runtime.getRuntime().halt(2);
  }

  private void readCommands() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String command;
      while ((command = in.readLine()) != null) {
        commands.add(command);
      }
    } catch (IOException e) {
      fail(e);
    }
    Runtime.getRuntime().halt(0);
  }

  private void obey(Part part, String line) {
    String[] words = line.split(" ", 2);
    try {
      Part.Answer answer = part.answer(words[0]);
      if (answer == null) {
        throw new IOException("it was told '" + line + "', which it does not know");
      }
      say("ok " + answer.to(words.length > 1 ? words[1] : ""));
    } catch (Exception e) {
      fail(e);
    }
  }

  private void fail(Throwable e) {
    e.printStackTrace(System.err);
    say("failed " + e);
  }

  private synchronized void say(String line) {
    out.println(line.replace('\n', ' '));
  }
}
