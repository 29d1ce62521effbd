package io.liblink.bench.child;

import io.liblink.bench.load.Load;
import io.liblink.bench.load.Workload;
import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Peers;
import io.liblink.bench.peers.Secrets;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/**
 * A server or a client process. It takes commands from its standard input, one a line, answers each
 * with one line, and ends when the input ends, so that it never outlives its runner.
 *
 * <p>{@code server PEER DIRECTORY} says {@code ready ADDRESS [PID…]}; {@code client PEER DIRECTORY
 * ADDRESS} says {@code ready}. Commands: {@code gc} for servers, {@code run WORKLOAD SECONDS} and
 * {@code open COUNT} for clients. Answers start with {@code ok} or {@code failed}.
 */
public final class ChildMain {
  private final PrintStream out;
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

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
      if (args[0].equals("server")) {
        child.server(args[1], new Secrets(Path.of(args[2])));
      } else {
        child.client(args[1], new Secrets(Path.of(args[2])), args[3]);
      }
    } catch (Throwable e) {
      child.say("failed " + describe(e));
      e.printStackTrace(System.err);
    }
    Runtime.getRuntime().halt(0);
  }

  private void server(String peer, Secrets secrets) throws Exception {
    try (Peer.Server server = new Peers().make(peer).serve(secrets)) {
      List<Long> pids = server.processes();
      say("ready " + server.address()
          + pids.stream().map(pid -> " " + pid).collect(Collectors.joining()));
      String command;
      while ((command = in.readLine()) != null) {
        if (command.equals("gc")) {
          collectGarbage();
          say("ok");
        } else {
          say("failed a server was told '" + command + "'");
        }
      }
    }
  }

  private void client(String peer, Secrets secrets, String address) throws Exception {
    Load load = new Load(new Peers().make(peer), address, secrets);
    BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> readUntilTheEnd(commands), "commands");
    reader.setDaemon(true);
    reader.start();
    say("ready");
    while (true) {
      String command = commands.take();
      try {
        say("ok " + answer(load, command.split(" ", -1)));
      } catch (Exception e) {
        e.printStackTrace(System.err);
        say("failed " + describe(e));
      }
    }
  }

  /** Ends the process with its input, even in the middle of a slice. */
  private void readUntilTheEnd(BlockingQueue<String> commands) {
    try {
      String command;
      while ((command = in.readLine()) != null) {
        commands.add(command);
      }
    } catch (IOException e) {
      say("failed " + describe(e));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(Load load, String[] command) throws Exception {
    return switch (command[0]) {
      case "run" ->
        load.run(Workload.of(command[1]), Double.parseDouble(command[2])).write();
      case "open" -> {
        load.open(Integer.parseInt(command[1]));
        yield "";
      }
      default -> throw new IOException("a client was told '" + command[0] + "'");
    };
  }

  private static void collectGarbage() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
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
