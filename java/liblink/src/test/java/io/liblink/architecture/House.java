package io.liblink.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Where things lie in the tree that is being tested. */
final class House {
  private House() {}

  /** The directory of the root pom. */
  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("build/checkstyle.xml"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("run the tests inside the repository");
    }
    return at;
  }

  /** The library's module directory. */
  static Path library() {
    return root().resolve("java/liblink");
  }

  /** The compiled library. */
  static Path classes() {
    return library().resolve("target/classes");
  }

  /** The packages that the compiled module exports to everyone, sorted. */
  static Set<String> exports() {
    Path file = classes().resolve("module-info.class");
    try (var in = Files.newInputStream(file)) {
      Set<String> names = new TreeSet<>();
      ModuleDescriptor.read(in).exports().stream()
          .filter(e -> !e.isQualified())
          .forEach(e -> names.add(e.source()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
