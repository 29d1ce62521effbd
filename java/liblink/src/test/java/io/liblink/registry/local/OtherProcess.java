package io.liblink.registry.local;

import io.liblink.registry.Await;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, which announces 'pricing' until its standard input ends. */
final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /** Starts it and waits until it has announced. */
  static OtherProcess announcing(Path base, String... wrapper) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of(wrapper));
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        classPath(),
        OtherProcess.class.getName(),
        base.toString()));
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (!"announced".equals(line)) {
      process.destroyForcibly();
      throw new IOException("the other process said " + line);
    }
    return new OtherProcess(process);
  }

  /** The tests run on the module path or on the class path: the other process needs all of it. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        System.getProperty("java.class.path", ""),
        System.getProperty("jdk.module.path", ""),
        Path.of("target/classes").toAbsolutePath().toString(),
        Path.of("target/test-classes").toAbsolutePath().toString());
  }

  void kill() {
    process.destroyForcibly();
  }

  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** The node. */
  public static void main(String[] args) throws IOException {
    Context context = Samples.context("other");
    try (Registry registry = Registries.open("local:" + args[0], context)) {
      Await.get(registry.announce(Samples.instance("pricing", context, 7400)));
      System.out.println("announced");
      System.out.flush();
      while (System.in.read() >= 0) {
        // until the parent ends
      }
    }
    // A node that is not killed leaves in order.
    System.exit(0);
  }
}
