package io.liblink.testing;

import io.liblink.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * A real server that a test starts on the loopback address and ends by its process id: killed,
 * paused, started again. Not thread-safe.
 */
public final class ServerProcess implements AutoCloseable {
  private static final long FETCH_SECONDS = 240;
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LEAST_PORT = 10_000;
  private static final int MOST_PORT = 32_000;
  private static final Map<String, Object> FOUND = new ConcurrentHashMap<>();
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Path log;
  private final List<String> command;
  private Process process;
  private List<ProcessHandle> family = List.of();

  private ServerProcess(Path log, List<String> command) {
    this.log = log;
    this.command = command;
  }

  /**
   * The program that {@code scripts/servers/NAME} finds or fetches. Where there is none the test is
   * skipped, loudly; with {@code LIBLINK_REQUIRE_SERVERS=1} it fails.
   */
  public static Path program(String name) {
    Object found = FOUND.computeIfAbsent(name, ServerProcess::find);
    if (found instanceof Path path) {
      return path;
    }
    String why = "no " + name + " to test with: " + found;
    if ("1".equals(System.getenv("LIBLINK_REQUIRE_SERVERS"))) {
      throw new AssertionError(why);
    }
    System.getLogger(ServerProcess.class.getName())
        .log(System.Logger.Level.WARNING, "SKIPPED, NOTHING WAS TESTED HERE: " + why);
    Assumptions.abort(why);
    throw new IllegalStateException(why);
  }

  private static Object find(String name) {
    Path script = Path.of("").toAbsolutePath();
    while (script != null && !Files.isExecutable(script.resolve("scripts/servers/" + name))) {
      script = script.getParent();
    }
    if (script == null) {
      return "there is no scripts/servers/" + name;
    }
    try {
      Path errors = Files.createTempFile("liblink-server", ".err");
      Process p = new ProcessBuilder(script.resolve("scripts/servers/" + name).toString())
          .redirectError(errors.toFile())
          .start();
      p.getOutputStream().close();
      boolean ended = p.waitFor(FETCH_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        p.destroyForcibly();
      }
      String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      String said = Files.readString(errors).strip();
      Files.delete(errors);
      return ended && p.exitValue() == 0 ? Path.of(out) : said;
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /**
   * A port of the loopback address at which nobody listens now, by TCP or UDP. It is below those that
   * the system gives to connections that go out, one of which could take it before the server does,
   * and given once in this process.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, MOST_PORT);
      try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
          DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
        if (tcp.getLocalPort() == udp.getLocalPort() && GIVEN.add(port)) {
          return port;
        }
      } catch (IOException e) {
        // Another is drawn.
      }
    }
  }

  /** Starts it; what it writes goes into the log. */
  public static ServerProcess start(Path log, List<String> command) {
    ServerProcess server = new ServerProcess(log, List.copyOf(command));
    server.start();
    return server;
  }

  /** Starts it again, after {@link #kill}. */
  public void start() {
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something takes connections there. */
  public void awaitPort(int port) {
    long start = TimeSource.system().nanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || TimeSource.system().nanos() - start > START_NANOS) {
          throw new AssertionError("the server does not listen at " + port + ":\n" + log());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  /** What it wrote. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** SIGKILL, to it and the processes it started. */
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(p -> p.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }

  /** SIGSTOP: it is there, takes connections and says nothing. */
  public void pause() {
    family = processes();
    family.forEach(p -> signal("STOP", p.pid()));
  }

  /** SIGCONT. */
  public void resume() {
    family.forEach(p -> signal("CONT", p.pid()));
    family = List.of();
  }

  /** Another signal, to the process itself. */
  public void signal(String name) {
    signal(name, process.pid());
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("can't send SIG" + name + " to " + pid);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Parents first, so that none is started in place of one that was killed. */
  private List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>();
    all.add(process.toHandle());
    process.descendants().forEach(all::add);
    all.addAll(family);
    return all;
  }

  @Override
  public void close() {
    kill();
  }
}
