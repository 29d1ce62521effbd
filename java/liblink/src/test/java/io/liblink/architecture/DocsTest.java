package io.liblink.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents are held to what is there: links, code, commands, numbers. */
class DocsTest {
  private static final Path README = Path.of("README.md");
  private static final Path INDEX = Path.of("docs/README.md");
  private static final Path DECISIONS = Path.of("docs/decisions");
  private static final int DECISION_LINES = 80;
  private static final Pattern COMMAND = Pattern.compile("(?:\\./)?\\bliblink ([a-z]+)\\b");
  private static final Path CATALOGUE =
      Path.of("java/liblink-cli/src/main/java/io/liblink/cli/Catalogue.java");
  private static final Pattern DECLARED =
      Pattern.compile("add\\(\\s*\"[^\"]*\",\\s*\"([a-z]+)[\" ]");

  @Test
  void everyLinkLeadsSomewhere() {
    assertThat(pages()).flatExtracting(p -> page(p).brokenLinks(House.root())).isEmpty();
  }

  @Test
  void everyPageHasOneTitle() {
    assertThat(pages())
        .allSatisfy(p -> assertThat(page(p).title()).as(p.toString()).isNotEmpty());
  }

  @Test
  void theIndexListsEveryPage() {
    Set<Path> listed = new TreeSet<>();
    page(INDEX)
        .links()
        .forEach(l -> listed.add(INDEX.resolveSibling(l.replaceAll("#.*", "")).normalize()));

    assertThat(pages())
        .filteredOn(p -> p.startsWith("docs") && !p.equals(INDEX))
        .as("pages that docs/README.md does not list")
        .allMatch(listed::contains);
  }

  /** A block of Java in a document stands, but for white space, in a source file that is compiled. */
  @Test
  void javaInTheDocumentsIsCompiled() {
    List<String> sources = Tree.files(".java").stream()
        .filter(f -> f.toString().contains("/examples/"))
        .map(f -> squeezed(Tree.read(f)))
        .toList();
    int blocks = 0;
    for (Path file : pages()) {
      for (String block : page(file).code("java")) {
        blocks++;
        assertThat(sources)
            .as("a source under …/examples/ that holds this block of %s:%n%s", file, block)
            .anyMatch(source -> source.contains(squeezed(block)));
      }
    }
    assertThat(blocks).isPositive();
    assertThat(page(README).code("java")).isNotEmpty();
  }

  @Test
  void everyDecisionIsNumberedOnceShortAndComplete() {
    List<String> names = pages().stream()
        .filter(p -> DECISIONS.equals(p.getParent()))
        .map(p -> p.getFileName().toString())
        .toList();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String number = "%04d".formatted(i);
      assertThat(name)
          .as("decisions are numbered without gaps; 0000 is the template")
          .startsWith(number + "-");
      String text = Tree.read(DECISIONS.resolve(name));
      assertThat(page(DECISIONS.resolve(name)).title()).as(name).startsWith(number + " ");
      assertThat(text.lines().count()).as(name + ": lines").isLessThanOrEqualTo(DECISION_LINES);
      assertThat(text)
          .as(name)
          .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n", "\n## Rejected\n");
    }
    assertThat(names).isNotEmpty();
  }

  @Test
  void theReadmeAndTheGuideNameOnlyCommandsThatExist() {
    assumeTrue(Tree.files().contains(CATALOGUE), "no command line in this tree");
    Set<String> declared = new TreeSet<>(Set.of("help"));
    Matcher m = DECLARED.matcher(Tree.read(CATALOGUE));
    while (m.find()) {
      declared.add(m.group(1));
    }
    assertThat(declared).hasSizeGreaterThan(5);

    assertThat(commandsIn(page(README))).as("README.md").isNotEmpty();
    for (Path file : pages()) {
      if (file.equals(README) || file.startsWith("docs/guide")) {
        assertThat(declared).as("commands that %s names", file).containsAll(commandsIn(page(file)));
      }
    }
  }

  @Test
  void commandsAreFoundInCode() {
    String text =
        "liblink is\n```sh\nliblink demo # liblink does\n```\nliblink has `./liblink call a/b`\n";
    assertThat(commandsIn(new Markdown(README, text))).containsExactly("call", "demo");
    Matcher m = DECLARED.matcher("    add(\"Trust\", \"key show\", KeyShow::new);");
    assertThat(m.find()).isTrue();
    assertThat(m.group(1)).isEqualTo("key");
  }

  @Test
  void aBrokenLinkIsFound() {
    Markdown page = new Markdown(
        Path.of("x.md"),
        "# A title, here\n[a](nowhere.md) [b](#a-title-here) [c](#gone) `[d](e)`\n");

    assertThat(page.brokenLinks(House.root()))
        .containsExactly("x.md: nowhere.md leads to no file", "x.md: #gone leads to no title");
  }

  /** Commands in code spans and in blocks of shell: prose may say that liblink does things. */
  private static Set<String> commandsIn(Markdown page) {
    List<String> code = new ArrayList<>(page.code("sh"));
    code.addAll(page.codeSpans());
    Set<String> found = new TreeSet<>();
    for (String text : code) {
      Matcher m = COMMAND.matcher(text.replaceAll("(?m)#.*$", ""));
      while (m.find()) {
        found.add(m.group(1));
      }
    }
    return found;
  }

  private static Markdown page(Path file) {
    return new Markdown(file, Tree.read(file));
  }

  private static List<Path> pages() {
    return new ArrayList<>(Tree.files(".md"));
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
