package io.liblink.registry.local;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the directory of a cluster and keeps what it saw: which entries count, which files are
 * none, and which were left by nodes that are gone. Nothing that it finds makes it fail; what it
 * can't look at leaves the last picture standing. Used by the registry's thread only.
 */
final class DirectoryScan {
  private static final Comparator<Instance> ORDER = (a, b) -> {
    int byName = a.node().compareTo(b.node());
    return byName != 0 ? byName : a.id().toString().compareTo(b.id().toString());
  };

  private final ClusterDirectory directory;
  private final EntryContent content;
  private final Processes processes;
  private final TimeSource clock;
  private final Map<String, Sighting> sightings = new HashMap<>();

  private Map<String, List<Instance>> views = Map.of();
  private String problem = "";
  private String skipped = "";
  private long scans;
  private long lastNanos;

  /** As it was before the last look; null when it was not there, or could not be looked at. */
  private @Nullable Stat seen;

  /** Whether the directory may have changed since the last look without its time changing. */
  private boolean coarse = true;

  /** Whether entries that are gone may come back: their directory was gone, or is another. */
  private boolean remade;

  private boolean changed;

  DirectoryScan(
      ClusterDirectory directory, EntryContent content, Processes processes, TimeSource clock) {
    this.directory = directory;
    this.content = content;
    this.processes = processes;
    this.clock = clock;
  }

  /** The instances of each service, after the last {@link #look}. */
  Map<String, List<Instance>> views() {
    return views;
  }

  /** Why the picture grows old; empty when the last look succeeded. */
  String problem() {
    return problem;
  }

  /** Which files are no entries, in words; empty when all are. */
  String skipped() {
    return skipped;
  }

  /** Forgets everything, to look anew after a time in which nobody looked. */
  void forget() {
    sightings.clear();
    seen = null;
    remade = false;
    coarse = true;
    changed = true;
  }

  /** Whether the directory has changed since the last look: cheap. */
  boolean directoryChanged() {
    if (seen == null) {
      return problem.isEmpty() && Files.exists(directory.path(), LinkOption.NOFOLLOW_LINKS);
    }
    if (coarse) {
      return true;
    }
    try {
      return !Files.getLastModifiedTime(directory.path(), LinkOption.NOFOLLOW_LINKS)
          .equals(seen.modified());
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Looks at everything.
   *
   * @return whether it could look; if not, {@link #problem} says why, unless there is simply nothing
   */
  boolean look() {
    long now = clock.nanos();
    long passed = scans == 0 ? 0 : now - lastNanos;
    lastNanos = now;
    scans++;
    boolean looked = true;
    try {
      Stat stat = directory.look();
      if (stat == null) {
        looked = missing();
      } else {
        present(stat, passed);
      }
    } catch (IOException e) {
      blind(directory.words("can't read", e));
      looked = false;
    }
    if (changed) {
      rebuild();
    }
    return looked;
  }

  private boolean missing() {
    if (views.isEmpty()) {
      forget();
      problem = "";
      skipped = "";
      return true;
    }
    blind(directory.path()
        + " vanished: nodes that live write it again, what was known last stands until then");
    return false;
  }

  /** Only proof changes a picture that can't be looked at. */
  private void blind(String why) {
    problem = why;
    seen = null;
    remade = true;
    for (Sighting s : sightings.values()) {
      if (s.isLive() && processes.life(s.run()) == Processes.Life.GONE) {
        changed |= s.live(false);
      }
    }
  }

  private void present(Stat stat, long passed) throws IOException {
    Stat before = seen;
    remade |= before != null && before.inode() != stat.inode();
    boolean entriesMayDiffer =
        coarse || before == null || !before.modified().equals(stat.modified()) || remade;
    // About the machine's own clock, which made the directory's time: whatever clock the node has.
    long sinceChange = TimeSource.system().wallMillis() - stat.modified().toMillis();
    int strange = 0;
    int tooMany = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.path())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        NodeId id = Entry.idOf(name);
        if (id != null) {
          tooMany += file(file, id, entriesMayDiffer, passed) ? 0 : 1;
        } else if (name.startsWith(".")) {
          temporary(file, name);
        } else {
          strange++;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    seen = stat;
    coarse = sinceChange < Rules.COARSE_MILLIS;
    boolean held = vanished(passed);
    judge();
    problem = held
        ? "most entries vanished at once from "
            + directory.path()
            + ": they stand until their nodes write them again, or don't"
        : "";
    skipped = describe(strange, tooMany);
  }

  /** False when it is one too many. */
  private boolean file(Path file, NodeId id, boolean mayDiffer, long passed) throws IOException {
    String name = file.getFileName().toString();
    BasicFileAttributes a;
    try {
      a = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return true;
    }
    Sighting s = sightings.get(name);
    if (s == null) {
      if (sightings.size() >= Rules.MAX_FILES) {
        return false;
      }
      s = new Sighting();
      sightings.put(name, s);
      changed |= content.read(file, id, a, s);
      s.first(clock.wallMillis() - a.lastModifiedTime().toMillis(), processes.life(s.run()));
    } else if (a.lastModifiedTime().equals(s.modified()) && a.size() == s.size()) {
      s.silent(passed);
    } else {
      s.beat();
      // Entries change by a file of another name that takes their place, which changes the
      // directory: if that did not change, this was a beat, and there is nothing new to read.
      if (mayDiffer || s.entry() == null || s.modified() == null || s.size() != a.size()) {
        changed |= content.read(file, id, a, s);
      } else {
        s.modified(a.lastModifiedTime());
      }
    }
    s.scan(scans);
    return true;
  }

  /**
   * What to do with files that are gone. One by one they were withdrawn. Many at once, or with their
   * directory, they were wiped out: live nodes write theirs again, so they stand until that is due.
   *
   * @return whether any stands without its file
   */
  private boolean vanished(long passed) {
    int alive = 0;
    int lost = 0;
    for (Sighting s : sightings.values()) {
      alive += s.isLive() ? 1 : 0;
      lost += s.isLive() && s.isPresent() && s.scan() != scans ? 1 : 0;
    }
    boolean wiped = remade || (lost >= 3 && lost * 2 > alive);
    remade = false;
    boolean held = false;
    for (Iterator<Sighting> all = sightings.values().iterator(); all.hasNext(); ) {
      Sighting s = all.next();
      if (s.scan() == scans) {
        continue;
      }
      if (s.isPresent() && wiped && s.isLive()) {
        s.vanish();
      } else if (!s.isPresent()) {
        s.silent(passed);
      }
      if (s.isPresent() || !s.counts(processes.life(s.run()))) {
        all.remove();
        content.forget(s);
        changed |= s.isLive();
      } else {
        held = true;
      }
    }
    return held;
  }

  private void judge() {
    for (Iterator<Map.Entry<String, Sighting>> all = sightings.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, Sighting> e = all.next();
      Sighting s = e.getValue();
      if (s.entry() == null) {
        changed |= s.live(false);
        continue;
      }
      Processes.Life life = s.isFresh() ? Processes.Life.RUNNING : processes.life(s.run());
      changed |= s.live(s.counts(life));
      if (s.isLeftover(life) && content.remove(directory.path().resolve(e.getKey()), s)) {
        all.remove();
        content.forget(s);
      }
    }
  }

  /** Removes what a writer left when it died in the middle of writing. */
  private void temporary(Path file, String name) {
    if (!Entry.isTemporary(name)) {
      return;
    }
    try {
      long age = clock.wallMillis()
          - Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
      if (age > Rules.TEMPORARY_MILLIS) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Somebody else was faster, or it stays: either does no harm.
    }
  }

  private void rebuild() {
    changed = false;
    Map<String, List<Instance>> map = new TreeMap<>();
    for (Sighting s : sightings.values()) {
      Entry entry = s.entry();
      if (entry != null && s.isLive()) {
        for (Instance instance : entry.instances()) {
          map.computeIfAbsent(instance.service(), k -> new ArrayList<>()).add(instance);
        }
      }
    }
    map.replaceAll((service, list) -> {
      list.sort(ORDER);
      return List.copyOf(list);
    });
    views = map;
  }

  private String describe(int strange, int tooMany) {
    int bad = 0;
    String example = "";
    for (Map.Entry<String, Sighting> e : sightings.entrySet()) {
      if (!e.getValue().why().isEmpty()) {
        bad++;
        String text = e.getKey() + ": " + e.getValue().why();
        example = example.isEmpty() || text.compareTo(example) < 0 ? text : example;
      }
    }
    List<String> parts = new ArrayList<>();
    if (bad > 0) {
      parts.add(bad + " files are no entries, such as " + example);
    }
    if (strange > 0) {
      parts.add(strange + " files have names that no entry has");
    }
    if (tooMany > 0) {
      parts.add(tooMany + " files are beyond the limit of " + Rules.MAX_FILES);
    }
    return parts.isEmpty()
        ? ""
        : "skipped in " + directory.path() + ": " + String.join("; ", parts);
  }
}
