package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonFactory;

/** One look after the other, by a clock that is turned by hand. */
class DirectoryScanTest {
  @TempDir
  Path temporary;

  private final JsonFactory json = new JsonFactory();
  private final Clock clock = new Clock();
  private final Evidence evidence = new Evidence();
  private final List<Context> nodes = new ArrayList<>();
  private Path directory;
  private DirectoryScan scan;

  private static final class Clock implements TimeSource {
    private long nanos;
    private long wallMillis = 1_732_000_000_000L;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long wallMillis() {
      return wallMillis;
    }
  }

  private static final class Evidence implements Processes {
    private final Map<Long, Life> lives = new HashMap<>();

    @Override
    public @Nullable Run self() {
      return null;
    }

    @Override
    public Life life(@Nullable Run run) {
      return run == null ? Life.UNKNOWN : lives.getOrDefault(run.pid(), Life.UNKNOWN);
    }
  }

  @BeforeEach
  void begin() throws IOException {
    Path base = temporary.resolve("run");
    directory = base.resolve("shop");
    scan = scan(base);
    new ClusterDirectory(new Place(base, "the URI"), "shop", User.uid()).make();
    for (int i = 0; i < 5; i++) {
      nodes.add(Samples.context("node-" + i));
      write(i);
    }
  }

  private DirectoryScan scan(Path base) {
    long uid = User.uid();
    return new DirectoryScan(
        new ClusterDirectory(new Place(base, "the URI"), "shop", uid),
        new EntryContent(new EntryReader(json, "shop"), uid),
        evidence,
        clock);
  }

  private Path file(int i) {
    return directory.resolve(Entry.fileName(nodes.get(i).id()));
  }

  private void write(int i) throws IOException {
    Context c = nodes.get(i);
    Instance instance = Samples.instance("pricing", c, 7400 + i);
    byte[] bytes = new EntryWriter(json, "shop", c.node(), c.id(), new Processes.Run(i, i, "scope"))
        .write(instance, List.of(instance));
    Path whole = directory.resolve(Entry.temporaryName(c.id()));
    Files.write(whole, bytes);
    Files.setLastModifiedTime(whole, FileTime.fromMillis(clock.wallMillis));
    Files.move(whole, file(i), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private void beat(int... which) throws IOException {
    for (int i : which) {
      Files.setLastModifiedTime(file(i), FileTime.fromMillis(clock.wallMillis));
    }
  }

  /** Looks after so many milliseconds; returns which nodes are seen. */
  private List<Integer> after(long millis) {
    pass(millis);
    return look();
  }

  private void pass(long millis) {
    clock.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    clock.wallMillis += millis;
  }

  private List<Integer> look() {
    scan.look();
    return scan.views().getOrDefault("pricing", List.of()).stream()
        .map(i -> i.addresses().get(0).port() - 7400)
        .sorted()
        .toList();
  }

  @Test
  void aFileThatIsRemovedWasWithdrawn() throws IOException {
    assertThat(look()).containsExactly(0, 1, 2, 3, 4);
    Files.delete(file(1));
    Files.delete(file(2));
    assertThat(after(50)).containsExactly(0, 3, 4);
    assertThat(scan.problem()).isEmpty();
  }

  @Test
  void mostFilesGoneAtOnceStandUntilTheyWouldBeStale() throws IOException {
    look();
    for (int i = 0; i < 4; i++) {
      Files.delete(file(i));
    }
    pass(50);
    beat(4);
    assertThat(look()).containsExactly(0, 1, 2, 3, 4);
    assertThat(scan.problem()).contains("most entries vanished at once");
    for (int i = 0; i < 3; i++) {
      pass(500);
      beat(4);
      assertThat(look()).hasSize(5);
    }
    write(2);
    pass(500);
    beat(2, 4);
    assertThat(look()).containsExactly(2, 4);
    assertThat(scan.problem()).isEmpty();
  }

  @Test
  void ofThoseThatStandTheDeadLeave() throws IOException {
    look();
    for (int i = 0; i < 4; i++) {
      Files.delete(file(i));
    }
    evidence.lives.put(1L, Processes.Life.GONE);
    assertThat(after(50)).containsExactly(0, 2, 3, 4);
  }

  @Test
  void aDirectoryThatIsMissingLeavesThePictureAndProofChangesIt() throws IOException {
    look();
    Files.move(directory, temporary.resolve("away"));
    assertThat(after(60_000)).hasSize(5);
    assertThat(scan.problem()).contains(directory + " vanished");
    evidence.lives.put(3L, Processes.Life.GONE);
    assertThat(after(200)).containsExactly(0, 1, 2, 4);

    Files.move(temporary.resolve("away"), directory);
    pass(200);
    beat(0, 1, 2);
    assertThat(look()).containsExactly(0, 1, 2, 4);
    assertThat(scan.problem()).isEmpty();
    for (int i = 0; i < 4; i++) {
      pass(500);
      beat(0, 1, 2);
      look();
    }
    assertThat(look()).containsExactly(0, 1, 2);
  }

  @Test
  void aStepOfTheClockChangesNothing() throws IOException {
    look();
    for (long step : new long[] {3_600_000, -7_200_000}) {
      clock.wallMillis += step;
      assertThat(after(200)).hasSize(5);
      pass(200);
      beat(0, 1, 2, 3, 4);
      assertThat(look()).hasSize(5);
    }
  }

  @Test
  void aReplacementWithTheSameSizeAndABeatLaterIsRead() throws IOException {
    look();
    // Directory times as old as this can't hide a change.
    Files.setLastModifiedTime(directory, FileTime.fromMillis(1_000_000_000_000L));
    after(200);
    assertThat(scan.directoryChanged()).isFalse();
    pass(200);
    beat(0);
    look();
    assertThat(scan.directoryChanged()).isFalse();

    String text = Files.readString(file(0)).replace("\"zone\":\"eu\"", "\"zone\":\"us\"");
    Path whole = directory.resolve(Entry.temporaryName(nodes.get(0).id()));
    Files.writeString(whole, text);
    Files.move(whole, file(0), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    assertThat(scan.directoryChanged()).isTrue();
    pass(50);
    beat(0);
    look();
    assertThat(scan.views().get("pricing"))
        .anySatisfy(i -> assertThat(i.metadata()).containsEntry("zone", "us"));
  }

  @Test
  void aLeftoverThatBeatsWhileItIsJudgedStays() throws IOException {
    look();
    Sighting judged = new Sighting();
    judged.content(new Entry(nodes.get(0).id(), null, List.of()), "", FileTime.fromMillis(1), 100);
    EntryContent content = new EntryContent(new EntryReader(json, "shop"), User.uid());
    assertThat(content.remove(file(0), judged)).isFalse();
    assertThat(file(0)).exists();
  }

  @Test
  void aSilentFileIsRemovedAfterTenMinutesAndNotBefore() throws IOException {
    look();
    for (int i = 0; i < 1199; i++) {
      pass(500);
      beat(1, 2, 3, 4);
      look();
    }
    assertThat(file(0)).exists();
    pass(500);
    beat(1, 2, 3, 4);
    assertThat(look()).containsExactly(1, 2, 3, 4);
    assertThat(file(0)).doesNotExist();
  }

  @Test
  void entriesBeyondTheTotalAreSkippedAndSaid() throws IOException {
    NodeId id = NodeId.random();
    String text = Files.readString(file(0));
    int count = (int) (Rules.MAX_TOTAL_BYTES / Rules.MAX_ENTRY_BYTES) + 3;
    for (int i = 0; i < count; i++) {
      NodeId next = new NodeId(id.high(), i);
      String big = text.replace(nodes.get(0).id().toString(), next.toString());
      big += " ".repeat(Rules.MAX_ENTRY_BYTES - big.getBytes("UTF-8").length);
      Files.writeString(directory.resolve(Entry.fileName(next)), big);
    }
    look();
    assertThat(scan.skipped()).contains("all entries together");
    assertThat(scan.views().get("pricing").size()).isLessThan(count + 5);
  }
}
