package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, real threads: what may happen to the directory of a running registry. */
class LocalRegistryTest {
  @TempDir
  Path temporary;

  private final List<Registry> open = new ArrayList<>();
  private Path base;
  private Path directory;

  @BeforeEach
  void begin() {
    base = temporary.resolve("run");
    directory = base.resolve("shop");
  }

  @AfterEach
  void end() {
    open.forEach(Registry::close);
  }

  private Registry registry(Context context) {
    Registry registry = Registries.open("local:" + base, context);
    open.add(registry);
    return registry;
  }

  private Registry registry(Context context, Processes processes) {
    LocalRegistry registry = new LocalRegistry(
        "local:" + base, new Place(base, "the registry URI"), User.uid(), processes, context);
    registry.start();
    open.add(registry);
    return registry;
  }

  private Views watch() {
    return watch(registry(Samples.context("watcher")));
  }

  private static Views watch(Registry registry) {
    Views views = new Views();
    registry.watch("pricing", views);
    return views;
  }

  private Path file(Context context) {
    return directory.resolve(Entry.fileName(context.id()));
  }

  private static Instance pricing(Context context) {
    return Samples.instance("pricing", context, 7400);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void filesAndDirectoriesAreForTheirOwnerOnly() throws IOException {
    Context a = Samples.context("a");
    Await.get(registry(a).announce(pricing(a)));
    assertThat(mode(base)).isEqualTo("rwx------");
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(mode(file(a))).isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file(a));
    }
  }

  @Test
  void whoOnlyLooksMakesNoDirectoryAndSeesThatThereIsNothing() {
    View view = watch().await("an empty view", v -> true);
    assertThat(view.problem()).isEmpty();
    assertThat(base).doesNotExist();
  }

  @Test
  void aNodeThatAnnouncesNothingHasNoFile() {
    Context a = Samples.context("a");
    Registry registry = registry(a);
    Await.get(registry.announce(pricing(a)));
    assertThat(file(a)).exists();
    Await.get(registry.withdraw("pricing"));
    assertThat(file(a)).doesNotExist();
    Await.get(registry.announce(pricing(a)));
    registry.close();
    assertThat(file(a)).doesNotExist();
  }

  @Test
  void aChangeIsSeenWithinTwoHundredMilliseconds() {
    Context a = Samples.context("a");
    Registry registry = registry(a);
    Views views = watch();
    views.await();
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Instance next = pricing(a).withReady(i % 2 == 0);
      registry.announce(next);
      took.add(views.awaitWithin(
          Duration.ofSeconds(5), "the change", v -> v.instances().contains(next)));
    }
    // The median: a machine that is busy may be late now and then.
    took.sort(null);
    assertThat(took.get(7)).isLessThan(Duration.ofMillis(200));
  }

  @Test
  void aFileOfANodeWithoutEvidenceIsLeftOutWhenItsBeatsEnd() throws IOException {
    Context a = Samples.context("a");
    Await.get(registry(a, Processes.none()).announce(pricing(a)));
    Path copy = copyOf(file(a), NodeId.random());
    Views views = watch();
    views.await("both", v -> v.instances().size() == 2);
    Duration took = views.awaitWithin(
        Duration.ofSeconds(3), "the silent one is out", v -> v.instances().size() == 1);
    assertThat(took).isGreaterThan(Duration.ofMillis(1000));
    assertThat(copy).as("without proof the file stays").exists();

    // Time stood still for it: it is back with its next beat.
    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000_000_000L));
    views.await("it is back", v -> v.instances().size() == 2);
  }

  private Path copyOf(Path file, NodeId id) throws IOException {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    String text = Files.readString(file).replace(name.substring(0, 32), id.toString());
    Path copy = file.resolveSibling(Entry.fileName(id));
    Files.writeString(copy, text);
    return copy;
  }

  @Test
  void theFileOfAProcessThatIsGoneIsRemovedAtOnce() throws IOException {
    Context a = Samples.context("a");
    Await.get(registry(a).announce(pricing(a)));
    Processes.Run self = Objects.requireNonNull(LinuxProcesses.here().self());
    Path copy = copyOf(file(a), NodeId.random());
    Files.writeString(
        copy, Files.readString(copy).replace("\"start\":" + self.start(), "\"start\":1"));
    Views views = watch();
    views.await(pricing(a));
    Await.until("the leftover is removed", () -> copy, () -> !Files.exists(copy));
    assertThat(file(a)).exists();
  }

  @Test
  void aWipedDirectoryIsWrittenAgainAndNobodyLeavesTheViewMeanwhile() throws IOException {
    List<Context> nodes = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      Context c = Samples.context(name);
      nodes.add(c);
      Await.get(registry(c).announce(pricing(c)));
    }
    Views views = watch();
    views.await("all four", v -> v.instances().size() == 4);
    int before = views.all().size();

    Files.move(directory, temporary.resolve("away"));
    Await.until(
        "all files are back",
        () -> directory,
        () -> nodes.stream().allMatch(c -> Files.exists(file(c))));
    views.await("well again", v -> v.problem().isEmpty());
    assertThat(views.all().subList(before, views.all().size()))
        .allSatisfy(v -> assertThat(v.instances()).hasSize(4));
  }

  @Test
  void whileTheDirectoryIsGoneTheLastViewStandsAndSaysWhy() throws IOException {
    Context a = Samples.context("a");
    Registry announcer = registry(a);
    Await.get(announcer.announce(pricing(a)));
    copyOf(file(a), NodeId.random());
    Views views = watch();
    views.await("both", v -> v.instances().size() == 2);
    // Nobody who could write it again is left: the copy's node is a fiction of this process.
    Files.move(base, temporary.resolve("away"));
    Path inTheWay = Files.writeString(base, "a file where the directory was");
    View stands = views.await("a problem", v -> !v.problem().isEmpty());
    assertThat(stands.instances()).hasSize(2);
    assertThat(stands.problem()).contains("is not a directory");

    Files.delete(inTheWay);
    views.await(
        "what lives is back, what does not is out",
        v -> v.problem().isEmpty() && v.instances().equals(List.of(pricing(a))));
  }

  @Test
  void aDirectoryThatOpensUpIsRefusedWithTheCureAndTheLastViewStands() throws IOException {
    Context a = Samples.context("a");
    Await.get(registry(a).announce(pricing(a)));
    Views views = watch();
    View good = views.await(pricing(a));

    mode(directory, "rwxr-x---");
    View bad = views.await("a problem", v -> !v.problem().isEmpty());
    assertThat(bad.instances()).containsExactly(pricing(a));
    assertThat(bad.problem()).contains("open to other users").contains("chmod 700 " + directory);
    assertThat(bad.asOfNanos()).isGreaterThanOrEqualTo(good.asOfNanos());

    mode(directory, "rwx------");
    View well = views.await("well again", v -> v.problem().isEmpty());
    assertThat(well.instances()).containsExactly(pricing(a));
    assertThat(well.asOfNanos()).isGreaterThan(bad.asOfNanos());
  }

  @Test
  void whatCantBeWrittenWaitsWithItsReasonAndIsWrittenWhenItCan() throws IOException {
    Files.createDirectory(base);
    mode(base, "rwx------");
    Files.createDirectory(directory);
    mode(directory, "r-x------");
    Context a = Samples.context("a");
    Registry registry = registry(a);
    CompletableFuture<Void> announced = registry.announce(pricing(a)).toCompletableFuture();
    Await.until("the reason", registry::problem, () -> registry.problem().contains("mode 0500"));
    assertThat(registry.problem()).contains("chmod 700 " + directory);
    assertThat(announced).isNotDone();

    mode(directory, "rwx------");
    Await.get(announced);
    watch().await(pricing(a));
    Await.until("no problem", registry::problem, () -> registry.problem().isEmpty());
  }

  @Test
  void aWriteThatFailsLeavesWhatWasThereAndIsTriedAgain() throws IOException {
    Context a = Samples.context("a");
    Registry registry = registry(a);
    Await.get(registry.announce(pricing(a)));
    Views views = watch();
    views.await(pricing(a));

    // A directory in the way of the temporary file: writing fails as it does on a full disk.
    Path inTheWay = directory.resolve(Entry.temporaryName(a.id()));
    Files.createDirectory(inTheWay);
    Files.createFile(inTheWay.resolve("full"));
    CompletableFuture<Void> changed =
        registry.announce(pricing(a).withReady(false)).toCompletableFuture();
    Await.until("the reason", registry::problem, () -> registry.problem().contains("can't write"));
    assertThat(changed).isNotDone();
    assertThat(views.instances()).containsExactly(pricing(a));

    Files.delete(inTheWay.resolve("full"));
    Await.get(changed);
    views.await(pricing(a).withReady(false));
  }

  @Test
  void anEntryTooLargeIsRefusedForGoodAndTheOthersStand() {
    Context a = Samples.context("a");
    Registry registry = registry(a);
    Await.get(registry.announce(pricing(a)));
    Instance i = Samples.instance("huge", a, 7400);
    Instance huge = new Instance(
        i.service(),
        i.node(),
        i.id(),
        i.addresses(),
        i.version(),
        Map.of("note", "x".repeat(Rules.MAX_ENTRY_BYTES)),
        true,
        1,
        List.of());
    assertThat(Await.failure(registry.announce(huge)))
        .isInstanceOfSatisfying(LinkException.class, e -> {
          assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
          assertThat(e).hasMessageContaining("'huge'").hasMessageContaining("less metadata");
        });
    watch().await(pricing(a));
    assertThat(Await.get(registry.services())).containsExactly("pricing");
  }

  @Test
  void aNodeCantAnnounceForAnother() {
    Context a = Samples.context("a");
    Registry registry = registry(a);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> registry.announce(pricing(Samples.context("b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a@" + a.id().shortText());
  }

  @Test
  void allTheWorkIsDoneByOneThread() {
    long before = threads();
    Context a = Samples.context("a");
    Registry registry = registry(a);
    Await.get(registry.announce(pricing(a)));
    for (int i = 0; i < 20; i++) {
      watch(registry).await(pricing(a));
    }
    assertThat(threads() - before).isEqualTo(1);
    registry.close();
    Await.until("the thread ends", LocalRegistryTest::threads, () -> threads() == before);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("liblink-registry-local"))
        .count();
  }
}
