package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.Views;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other processes that are killed and stopped. */
class CrashTest {
  private static final Duration THREE_SECONDS = Duration.ofSeconds(3);

  @TempDir
  Path temporary;

  private Path base;
  private Views withEvidence;
  private Views withoutEvidence;
  private Registry sees;
  private Registry blind;

  @BeforeEach
  void begin() {
    base = temporary.resolve("run");
    sees = registry(LinuxProcesses.here());
    blind = registry(Processes.none());
    withEvidence = watch(sees);
    withoutEvidence = watch(blind);
  }

  @AfterEach
  void end() {
    sees.close();
    blind.close();
  }

  private Registry registry(Processes processes) {
    Context context = Samples.context("watcher");
    LocalRegistry registry = new LocalRegistry(
        "local:" + base, new Place(base, "the registry URI"), User.uid(), processes, context);
    registry.start();
    return registry;
  }

  private static Views watch(Registry registry) {
    Views views = new Views();
    registry.watch("pricing", views);
    return views;
  }

  private void awaitBoth(int count) {
    withEvidence.await(count + " instances", v -> v.instances().size() == count);
    withoutEvidence.await(count + " instances", v -> v.instances().size() == count);
  }

  private long files() throws Exception {
    try (Stream<Path> files = Files.list(base.resolve("shop"))) {
      return files.count();
    }
  }

  @Test
  void aKilledProcessDisappearsWithinThreeSecondsAndItsFileToo() throws Exception {
    try (OtherProcess other = OtherProcess.announcing(base)) {
      awaitBoth(1);
      other.kill();
      withEvidence.awaitWithin(
          THREE_SECONDS, "the killed one is out", v -> v.instances().isEmpty());
      // Silence alone would leave its file for ten minutes: it was the evidence.
      Await.until("its file is removed", () -> base, () -> {
        try {
          return files() == 0;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
    }
  }

  @Test
  void aKilledProcessDisappearsWithinThreeSecondsEvenWithoutEvidence() throws Exception {
    sees.close();
    try (OtherProcess other = OtherProcess.announcing(base)) {
      withoutEvidence.await("one instance", v -> v.instances().size() == 1);
      other.kill();
      withoutEvidence.awaitWithin(
          THREE_SECONDS, "the killed one is out", v -> v.instances().isEmpty());
      assertThat(files()).isEqualTo(1);
    }
  }

  @Test
  void aStoppedProcessIsLeftOutAndComesBackByItself() throws Exception {
    try (OtherProcess other = OtherProcess.announcing(base)) {
      awaitBoth(1);
      other.signal("STOP");
      withEvidence.awaitWithin(
          THREE_SECONDS, "the stopped one is out", v -> v.instances().isEmpty());
      withoutEvidence.awaitWithin(
          THREE_SECONDS, "the stopped one is out", v -> v.instances().isEmpty());
      assertThat(files()).as("its file stays").isEqualTo(1);

      other.signal("CONT");
      awaitBoth(1);
    }
  }

  @Test
  void aReaderThatComesAfterTheCrashSeesNobody() throws Exception {
    OtherProcess other = OtherProcess.announcing(base);
    awaitBoth(1);
    sees.close();
    other.close();
    Registry late = registry(LinuxProcesses.here());
    try {
      assertThat(watch(late).await("the first view", v -> true).instances()).isEmpty();
    } finally {
      late.close();
    }
  }

  @Test
  void aReaderSeesWhatIsThereAtItsFirstView() throws Exception {
    try (OtherProcess other = OtherProcess.announcing(base)) {
      Registry late = registry(LinuxProcesses.here());
      try {
        assertThat(watch(late).await("the first view", v -> true).instances()).hasSize(1);
      } finally {
        late.close();
      }
      assertThat(other).isNotNull();
    }
  }
}
