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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that start processes, and what signals do to them. */
@Timeout(120)
class ProcessesTest {
  @TempDir
  Path temporary;

  /** This program as a process whose temporary files are the test's own. */
  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(Child.command(List.of(words)));
    command.addAll(1, List.of("-Djava.io.tmpdir=" + temporary, "-XX:TieredStopAtLevel=1"));
    return new ProcessBuilder(command)
        .redirectOutput(temporary.resolve("out").toFile())
        .redirectError(temporary.resolve("err").toFile())
        .start();
  }

  private String read(String file) throws IOException {
    return Files.readString(temporary.resolve(file), StandardCharsets.UTF_8);
  }

  private void awaitText(Process process, String file, String text)
      throws IOException, InterruptedException {
    while (!read(file).contains(text)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(read("err")).isFalse();
    }
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

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
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

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    for (ProcessHandle child : children) {
      assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
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
      assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
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
      node.service("greeter").awaitReady(1, Duration.ofSeconds(10));
      assertThat(entries(cluster)).anyMatch(text -> text.contains("greeter"));
      signal("-TERM", process);

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
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
