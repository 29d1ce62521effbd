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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A directory with one good entry and whatever else: the good one is seen, the rest is counted. */
class GarbageTest {
  @TempDir
  Path temporary;

  private final Context good = Samples.context("good");
  private Path directory;
  private Registry registry;
  private Instance pricing;

  @BeforeEach
  void begin() {
    directory = temporary.resolve("run").resolve("shop");
    pricing = Samples.instance("pricing", good, 7400);
    registry = Registries.open("local:" + temporary.resolve("run"), good);
    Await.get(registry.announce(pricing));
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private Path entry() {
    return directory.resolve(Entry.fileName(NodeId.random()));
  }

  /** Only the good one is seen, without a problem of the view; returns what is said of the rest. */
  private String seen() {
    Views views = new Views();
    Registry.Watch watch = registry.watch("pricing", views);
    View view = views.await(pricing);
    assertThat(view.problem()).isEmpty();
    Await.until(
        "something is said", registry::problem, () -> !registry.problem().isEmpty());
    assertThat(views.instances()).containsExactly(pricing);
    watch.close();
    return registry.problem();
  }

  @Test
  void everyBadVectorIsSkippedAndCounted() throws IOException {
    int bad = 0;
    for (JsonNode v : Vectors.section("bad")) {
      NodeId id = NodeId.random();
      String hex = v.get("file").asString().substring(0, 32);
      byte[] bytes = Vectors.bytes(v);
      if (!v.has("hex")) {
        bytes = v.get("text").asString().replace(hex, id.toString()).getBytes("UTF-8");
      }
      Files.write(directory.resolve(Entry.fileName(id)), bytes);
      bad++;
    }
    assertThat(seen()).contains(bad + " files are no entries, such as ").contains(".json: ");
  }

  @Test
  void filesWithOtherNamesAreCountedAndNeverOpened() throws IOException {
    Files.writeString(directory.resolve("README"), "hello");
    Files.createDirectory(directory.resolve("sub"));
    Files.writeString(directory.resolve(".hidden"), "hello");
    assertThat(seen()).contains("2 files have names that no entry has");
  }

  @Test
  void whatIsNoRegularFileIsNotOpened() throws Exception {
    Files.createDirectory(entry());
    Files.createSymbolicLink(entry(), directory.resolve(Entry.fileName(good.id())));
    Files.createSymbolicLink(entry(), Path.of("/dev/zero"));
    Process pipe = new ProcessBuilder("mkfifo", entry().toString()).start();
    assertThat(pipe.waitFor()).isZero();
    assertThat(seen()).contains("4 files are no entries").contains("not a regular file");
  }

  @Test
  void aHugeFileIsNotRead() throws IOException {
    try (var channel = java.nio.channels.FileChannel.open(
        entry(), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {'x'}), 1L << 40);
    }
    assertThat(seen()).contains("1 files are no entries").contains("bytes, more than 1048576");
  }

  @Test
  void aFileOfAnotherUserIsNotRead() throws IOException {
    Path file = entry();
    Files.writeString(file, "{}");
    try {
      Files.setAttribute(file, "unix:uid", 12345);
    } catch (IOException e) {
      Assumptions.abort("only the administrator may give files away");
    }
    assertThat(seen()).contains("belongs to user 12345");
  }

  @Test
  void thousandsOfBadFilesNeitherHideTheGoodOneNorEatTheMachine() throws IOException {
    Random random = new Random(7);
    byte[] bytes = new byte[300];
    for (int i = 0; i < 3000; i++) {
      random.nextBytes(bytes);
      Files.write(entry(), bytes);
    }
    assertThat(seen()).contains("3000 files are no entries");
    Views views = new Views();
    registry.watch("pricing", views);
    views.await(pricing);
    registry.announce(pricing.withReady(false));
    views.awaitWithin(
        Duration.ofSeconds(5),
        "a change among all that",
        v -> v.instances().contains(pricing.withReady(false)));
  }

  @Test
  void aBadFileThatIsMendedCounts() throws IOException {
    NodeId id = NodeId.random();
    Path file = directory.resolve(Entry.fileName(id));
    Files.writeString(file, "{");
    assertThat(seen()).contains("1 files are no entries");

    Path whole = directory.resolve(Entry.temporaryName(id));
    Files.writeString(
        whole,
        Files.readString(directory.resolve(Entry.fileName(good.id())))
            .replace(good.id().toString(), id.toString()));
    Files.move(whole, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    Views views = new Views();
    registry.watch("pricing", views);
    views.await("both", v -> v.instances().size() == 2);
    Await.until("all is well", registry::problem, () -> registry.problem().isEmpty());
  }

  @Test
  void aTemporaryFileIsNoEntryAndGoesWhenItIsOld() throws IOException {
    Path young = directory.resolve(Entry.temporaryName(NodeId.random()));
    Path old = directory.resolve(Entry.temporaryName(NodeId.random()));
    String text = Files.readString(directory.resolve(Entry.fileName(good.id())));
    Files.writeString(young, text.substring(0, text.length() / 2));
    Files.writeString(old, text.substring(0, text.length() / 2));
    Files.setLastModifiedTime(old, FileTime.fromMillis(1_000_000_000_000L));
    Views views = new Views();
    registry.watch("pricing", views);
    views.await(pricing);
    Await.until("the old one goes", () -> old, () -> !Files.exists(old));
    assertThat(young).exists();
    assertThat(registry.problem()).isEmpty();
  }
}
