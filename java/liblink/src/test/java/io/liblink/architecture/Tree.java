package io.liblink.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The files of the repository: what git would keep, or everything but build output without git. */
final class Tree {
  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", ".liblink-build", ".idea", ".vscode", "node_modules", ".settings");

  private Tree() {}

  /** All files, relative to the root, sorted. */
  static Set<Path> files() {
    try {
      Set<Path> known = fromGit();
      return known.isEmpty() ? fromDisk() : known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those whose name ends so. */
  static List<Path> files(String suffix) {
    return files().stream().filter(f -> f.toString().endsWith(suffix)).toList();
  }

  /** The text of one. */
  static String read(Path file) {
    try {
      return Files.readString(House.root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is not UTF-8 text", e);
    }
  }

  private static Set<Path> fromGit() throws IOException {
    Set<Path> found = new TreeSet<>();
    Process git;
    try {
      git = new ProcessBuilder(
              "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
          .directory(House.root().toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return found;
    }
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String name : names.split("\0")) {
      if (!name.isEmpty() && Files.isRegularFile(House.root().resolve(name))) {
        found.add(Path.of(name));
      }
    }
    return found;
  }

  private static Set<Path> fromDisk() throws IOException {
    List<Path> found = new ArrayList<>();
    Path root = House.root();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return NOT_OURS.contains(String.valueOf(directory.getFileName()))
            ? FileVisitResult.SKIP_SUBTREE
            : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
          found.add(root.relativize(file));
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return new TreeSet<>(found);
  }
}
