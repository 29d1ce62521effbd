package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.cli.child.Child;
import io.liblink.cli.child.TemporaryCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that start processes, and what signals do to them. */
@Timeout(300)
class ProcessesTest {
  @TempDir
  Path temporary;

  private final List<Process> processes = new ArrayList<>();

  /** This program as a process whose temporary files are the test's own. */
  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(Child.command(List.of(words)));
    command.addAll(1, List.of("-Djava.io.tmpdir=" + temporary, "-XX:TieredStopAtLevel=1"));
    return started(new ProcessBuilder(command)
        .redirectOutput(temporary.resolve("out").toFile())
        .redirectError(temporary.resolve("err").toFile()));
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private String read(String file) throws IOException {
    return Files.readString(temporary.resolve(file), StandardCharsets.UTF_8);
  }

  private void awaitText(Process process, String file, String text)
      throws IOException, InterruptedException {
    while (!read(file).contains(text)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(said(file)).isFalse();
    }
  }

  private String said(String file) throws IOException {
    return read(file) + read(file.replace("out", "err"));
  }

  private static void signal(String signal, Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
            .start()
            .waitFor())
        .isZero();
  }

  private List<Path> leftovers() throws IOException {
    try (var files = Files.list(temporary)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("liblink-"))
          .toList();
    }
  }

  @Test
  void theBenchStartsAServerOfItsOwnAndLeavesNothingBehind() throws Exception {
    Process process = start("bench", "call", "--duration", "300ms", "--warm-up", "200ms", "--json");

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(read("err")).isZero();
    assertThat(read("out"))
        .startsWith("{\"target\":\"echo/echo\",\"bytes\":64,\"inFlight\":64,")
        .contains("\"failed\":{}")
        .contains("\"p99.9\":");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void theDemonstrationEndedByCtrlCLeavesNeitherProcessesNorFiles() throws Exception {
    Process process = start("demo");
    awaitText(process, "out", "customers order");
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).isNotEmpty();
    signal("-INT", process);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    for (ProcessHandle child : children) {
      assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(60));
    }
    assertThat(leftovers()).isEmpty();
    assertThat(read("err")).doesNotContain("Exception").doesNotContain("should not have happened");
  }

  @Test
  void childrenDoNotOutliveADemonstrationThatIsKilled() throws Exception {
    Process process = start("demo");
    awaitText(process, "out", "An order");
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();

    assertThat(children).hasSizeGreaterThanOrEqualTo(4);
    for (ProcessHandle child : children) {
      assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(60));
    }
  }

  /** In a cluster, with what it reads. */
  private Process start(TemporaryCluster cluster, String name, Path in, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(cluster.words()));
    List<String> command = new ArrayList<>(Child.command(all));
    command.addAll(1, List.of("-Djava.io.tmpdir=" + temporary, "-XX:TieredStopAtLevel=1"));
    return started(new ProcessBuilder(command)
        .redirectInput(in.toFile())
        .redirectOutput(temporary.resolve(name + ".out").toFile())
        .redirectError(temporary.resolve(name + ".err").toFile()));
  }

  @Test
  void aWorkerKilledInTheMiddleLosesNothing() throws Exception {
    Path items = Files.writeString(
        temporary.resolve("items"),
        String.join(
            "\n",
            java.util.stream.IntStream.range(0, 2_000).mapToObj(i -> "i" + i).toList()));
    Path nothing = Files.createFile(temporary.resolve("nothing"));
    try (TemporaryCluster cluster = TemporaryCluster.create("kill")) {
      Process one = start(cluster, "one", nothing, "work", "jobs/x", "--concurrency", "4");
      Process two = start(cluster, "two", nothing, "work", "jobs/x", "--concurrency", "4");
      awaitText(one, "one.err", "Ctrl-C");
      awaitText(two, "two.err", "Ctrl-C");
      Process push = start(cluster, "push", items, "push", "jobs/x");
      awaitText(one, "one.out", "i");
      one.destroyForcibly();

      assertThat(push.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(push.exitValue()).as(read("push.err")).isZero();
      assertThat(read("push.out").lines()).hasSize(2_000);
      assertThat(read("push.err")).contains("2,000 items accepted, 2,000 acknowledged");
      signal("-INT", two);
      assertThat(two.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(two.exitValue()).as(read("two.err")).isZero();
      assertThat(Stream.concat(read("one.out").lines(), read("two.out").lines()).distinct())
          .hasSizeGreaterThanOrEqualTo(2_000);
    }
  }

  @Test
  void aPublisherThatIsStoppedLetsItsSubscribersHaveEverything() throws Exception {
    Path pipe = temporary.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path nothing = Files.createFile(temporary.resolve("nothing"));
    try (TemporaryCluster cluster = TemporaryCluster.create("stop")) {
      Process subscriber = start(cluster, "sub", nothing, "subscribe", "news/lines");
      awaitText(subscriber, "sub.err", "waiting for it");
      // The pipe stays open: the publisher waits for more when it is stopped.
      try (var feed = new java.io.RandomAccessFile(pipe.toFile(), "rw")) {
        Process publisher = start(cluster, "pub", pipe, "publish", "news/lines", "--wait-for", "1");
        feed.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        awaitText(subscriber, "sub.out", "two\n");
        signal("-TERM", publisher);

        assertThat(publisher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(publisher.exitValue()).as(read("pub.err")).isZero();
        assertThat(read("pub.err")).contains("published 2 messages to 1 subscriber");
        awaitText(subscriber, "sub.err", "gone: news/lines");
      }
      signal("-INT", subscriber);
      assertThat(subscriber.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(subscriber.exitValue()).as(read("sub.err")).isZero();
      assertThat(read("sub.out")).isEqualTo("one\ntwo\n");
      assertThat(read("sub.err")).contains("2 messages, none missed");
    }
  }

  @Test
  void theBenchOfTopicsAndQueuesLosesNothing() throws Exception {
    for (String kind : List.of("pubsub", "pipeline")) {
      Process process = start("bench", kind, "--duration", "300ms", "--warm-up", "200ms", "--json");

      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(read("err")).isZero();
      assertThat(read("out"))
          .startsWith("{\"target\":\"bench/")
          .contains(kind.equals("pubsub") ? "\"lost\":0" : "\"givenUp\":{}")
          .contains("\"p99.9\":");
      assertThat(leftovers()).isEmpty();
    }
  }

  @Test
  void aServiceThatIsStoppedLeavesTheRegistryAtOnce() throws Exception {
    try (TemporaryCluster cluster = TemporaryCluster.create("stop");
        Node node = Node.join(cluster.options("watcher"))) {
      List<String> words = new ArrayList<>(List.of("serve", "greeter", "--echo"));
      words.addAll(List.of(cluster.words()));
      Process process = start(words.toArray(new String[0]));
      awaitText(process, "err", "serving greeter");
      node.service("greeter").awaitReady(1, Duration.ofSeconds(60));
      assertThat(entries(cluster)).anyMatch(text -> text.contains("greeter"));
      signal("-TERM", process);

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(read("err")).isZero();
      assertThat(entries(cluster)).noneMatch(text -> text.contains("greeter"));
    }
  }

  /** The text of every file in the registry. */
  private static List<String> entries(TemporaryCluster cluster) throws IOException {
    List<String> texts = new ArrayList<>();
    Path directory = Path.of(cluster.registry().substring("local:".length()));
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return texts;
  }
}
