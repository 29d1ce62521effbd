package io.liblink.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One package uses another.
 *
 * @param from the package that uses
 * @param to the package that is used
 * @param where the place, for the person who has to mend it
 */
record Use(String from, String to, String where) {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?([a-z][\\w]*(?:\\.[a-z][\\w]*)*)\\.[A-Z*]");

  /** What compiled classes use. Misses constants, which javac copies: {@link #ofImports} sees them. */
  static List<Use> ofClasses(Path directory) {
    List<Use> uses = new ArrayList<>();
    for (JavaClass c : new ClassFileImporter().importPath(directory)) {
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        JavaClass target = d.getTargetClass().getBaseComponentType();
        if (!target.isPrimitive()) {
          uses.add(new Use(c.getPackageName(), target.getPackageName(), d.getDescription()));
        }
      }
    }
    return uses;
  }

  /** What the import lines of source files name. */
  static List<Use> ofImports(Path directory) {
    List<Use> uses = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        Matcher self = PACKAGE.matcher(text);
        if (!self.find()) {
          continue;
        }
        Matcher line = IMPORT.matcher(text);
        while (line.find()) {
          uses.add(new Use(self.group(1), line.group(1), file.getFileName() + ": " + line.group()));
        }
      }
      return uses;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
