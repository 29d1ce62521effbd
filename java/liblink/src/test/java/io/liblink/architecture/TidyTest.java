package io.liblink.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TidyTest {
  private static final long LARGEST_BYTES = 1 << 20;
  private static final Set<String> BINARY = Set.of("png", "jpg", "ico", "jar", "p12", "bin", "gz");

  @Test
  void everyTextFileIsTidy() {
    assertThat(Tree.files())
        .filteredOn(f -> !isBinary(f))
        .flatExtracting(f -> Tidiness.findings(f.toString(), Tree.read(f)))
        .isEmpty();
  }

  @Test
  void noFileIsHuge() throws IOException {
    for (Path file : Tree.files()) {
      assertThat(Files.size(House.root().resolve(file)))
          .as(file.toString())
          .isLessThan(LARGEST_BYTES);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "see /ho" + "me/ada/notes",
        "a\tb",
        "a \nb",
        "a\r\n",
        "// TO" + "DO: later",
        "FIX" + "ME",
        "TO" + "DO(soon)",
        "https://repo1.ma" + "ven.org/x",
        "<<<<" + "<<< HEAD",
        "no end"
      })
  void untidyTextIsFound(String text) {
    assertThat(Tidiness.findings("f", text.equals("no end") ? text : text + "\n"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~/.config/liblink/key",
        "http://maven.apache.org/POM/4.0.0",
        "TO" + "DO(until the other side says when)",
        "a/work/b",
        "METHO" + "DO"
      })
  void tidyTextIsLeftAlone(String text) {
    assertThat(Tidiness.findings("f", text + "\n")).isEmpty();
  }

  /** The list of packages whose Javadoc javac checks stands in the pom; here is what it must say. */
  @Test
  void javadocOfEveryExportedPackageIsChecked() {
    Matcher list =
        Pattern.compile("-Xdoclint/package:([\\w.,]+)").matcher(Tree.read(Path.of("pom.xml")));
    assertThat(list.find()).isTrue();

    assertThat(List.of(list.group(1).split(","))).containsAll(House.exports());
  }

  @Test
  void versionsStandInTheRootPomOnly() {
    for (Path pom : Tree.files("pom.xml")) {
      if (pom.getNameCount() > 1) {
        String own = Tree.read(pom).replaceFirst("(?s)<parent>.*?</parent>", "");
        assertThat(
                Stream.of(own.split("\n")).filter(l -> l.matches("\\s*<version>[^$]*</version>")))
            .as(pom.toString())
            .isEmpty();
      }
    }
  }

  private static boolean isBinary(Path file) {
    String name = file.toString();
    if (name.contains("Inputs/")) {
      return true; // what fuzzers feed on
    }
    return BINARY.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}
