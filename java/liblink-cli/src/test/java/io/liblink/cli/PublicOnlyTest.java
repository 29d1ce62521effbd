package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The program is a user of the library like any other. */
class PublicOnlyTest {
  private static final Pattern IMPORT = Pattern.compile(
      "^import (?:static )?(io\\.liblink(?:\\.[a-z0-9]+)*)\\.[A-Z]", Pattern.MULTILINE);

  @Test
  void onlyWhatTheLibraryExportsIsUsed() throws IOException {
    Set<String> allowed = new TreeSet<>();
    for (URL url :
        Collections.list(Node.class.getClassLoader().getResources("module-info.class"))) {
      try (InputStream in = url.openStream()) {
        ModuleDescriptor module = ModuleDescriptor.read(in);
        if (module.name().equals("io.liblink")) {
          module.exports().stream()
              .filter(e -> !e.isQualified())
              .forEach(e -> allowed.add(e.source()));
        }
      }
    }
    assertThat(allowed).contains("io.liblink");
    // 'key' writes and reads key files by the library's own rules.
    allowed.add("io.liblink.identity.key");

    Set<String> used = new TreeSet<>();
    Path sources = Path.of("src/main/java");
    try (var files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher m = IMPORT.matcher(Files.readString(file));
        while (m.find()) {
          if (!m.group(1).startsWith("io.liblink.cli")) {
            used.add(m.group(1));
          }
        }
      }
    }
    assertThat(used).contains("io.liblink", "io.liblink.status").isSubsetOf(allowed);
  }
}
