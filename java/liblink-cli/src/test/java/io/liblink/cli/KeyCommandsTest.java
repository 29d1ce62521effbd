package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.key.ClusterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {
  @TempDir
  Path home;

  private Map<String, String> env = Map.of();
  private Path file = Path.of("");

  @BeforeEach
  void atHome() throws IOException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    env = Map.of("HOME", home.toString());
    file = home.resolve(".config/liblink/default.key");
  }

  private Run key(String... words) {
    return Run.of(env, Stream.concat(Stream.of("key"), Stream.of(words)).toArray(String[]::new));
  }

  private List<String> keys() throws IOException {
    return Files.readAllLines(file).stream().filter(l -> l.startsWith("llk1_")).toList();
  }

  @Test
  void aNewKeyCanBeReadByItsOwnerOnlyAndIsNotShown() throws IOException {
    Run run = key("new");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).matches("liblink-ca-[a-z2-7]{16}\n");
    assertThat(run.err()).contains("scp -p '" + file + "'");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(run.out() + run.err()).doesNotContain("llk1_");
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  @Test
  void aKeyThatIsThereIsNeverReplaced() throws IOException {
    key("new");
    List<String> before = keys();
    Run again = key("new");

    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("there is a key").contains("key rotate");
    assertThat(keys()).isEqualTo(before);
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  @Test
  void aPrintedKeyGoesToStandardOutputAndIntoNoFile() {
    Run run = key("new", "--print");

    assertThat(ClusterKey.parse(run.out().strip()).fingerprint()).isSubstringOf(run.err());
    assertThat(file).doesNotExist();
  }

  @Test
  void showSaysWhatIsThereWithoutTheKey() {
    String fingerprint = key("new").out().strip();
    Run run = key("show");
    Run json = key("show", "--json");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("signs    " + fingerprint).contains(file.toString());
    assertThat(json.out())
        .isEqualTo("{\"cluster\":\"default\",\"source\":\""
            + file
            + "\",\"signs\":\""
            + fingerprint
            + "\",\"accepts\":[\""
            + fingerprint
            + "\"]}\n");
    assertThat(run.out() + run.err() + json.out() + json.err()).doesNotContain("llk1_");
  }

  @Test
  void showMakesNoKey() {
    Run run = key("show");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("there is no key for cluster 'default' yet")
        .contains(file.toString());
    assertThat(file).doesNotExist();
  }

  @Test
  void showReadsTheEnvironmentAndTheNamedFileToo() throws IOException {
    ClusterKey key = ClusterKey.generate();
    Path other = Files.writeString(home.resolve("other.key"), key.text());
    Run literal = Run.of(Map.of("LIBLINK_KEY", key.text()), "key", "show");
    Run named = Run.of(Map.of("LIBLINK_KEY_FILE", other.toString()), "key", "show");

    assertThat(literal.out()).contains("LIBLINK_KEY").contains(key.fingerprint());
    assertThat(named.out()).contains(other.toString()).contains(key.fingerprint());
    assertThat(literal.out() + literal.err()).doesNotContain(key.text());
  }

  @Test
  void aFileThatOthersCanReadIsRefusedWithTheCure() throws IOException {
    key("new");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Run run = key("show");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("chmod 600").doesNotContain("should not have happened");
  }

  @Test
  void aMangledKeyIsRefusedWithoutShowingIt() throws IOException {
    key("new");
    String mangled = keys().get(0).substring(0, 60);
    Files.writeString(file, mangled);
    Run run = key("show");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("60 characters").doesNotContain(mangled);
  }

  @Test
  void aRotationTakesThreeStepsInOrder() throws IOException {
    key("new");
    String old = keys().get(0);

    assertThat(key("rotate", "--step", "2", "--force").err()).contains("no rotation is under way");
    assertThat(key("rotate", "--step", "3", "--force").err()).contains("no rotation is under way");
    assertThat(key("rotate").err()).contains("liblink key rotate --step 1");

    assertThat(key("rotate", "--step", "1").exit()).isZero();
    String fresh = keys().get(1);
    assertThat(keys()).containsExactly(old, fresh);
    assertThat(key("rotate").err()).contains("Step 1 of 3 is taken").contains("--step 2");
    assertThat(key("show").out()).contains("a rotation is under way");
    assertThat(key("rotate", "--step", "1").exit()).isEqualTo(2);
    assertThat(key("rotate", "--step", "3", "--force").err()).contains("step 1 was the last");
    assertThat(keys()).containsExactly(old, fresh);

    assertThat(key("rotate", "--step", "2", "--force").exit()).isZero();
    assertThat(keys()).containsExactly(fresh, old);
    assertThat(key("rotate").err()).contains("Step 2 of 3 is taken").contains("--step 3");
    assertThat(key("rotate", "--step", "2", "--force").exit()).isEqualTo(2);

    assertThat(key("rotate", "--step", "3", "--force").exit()).isZero();
    assertThat(keys()).containsExactly(fresh);
    assertThat(key("rotate").err()).contains("No rotation is under way");
    assertThat(Files.list(file.getParent())).containsExactly(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileWithTwoKeysThatSomebodyElseWroteCountsAsStepOne() throws IOException {
    key("new");
    String old = keys().get(0);
    String fresh = ClusterKey.generate().text();
    Files.writeString(file, old + "\n" + fresh + "\n");

    assertThat(key("rotate", "--step", "2", "--force").exit()).isZero();
    assertThat(keys()).containsExactly(fresh, old);
  }

  @Test
  void aLinkIsNotReplacedByAFile() throws IOException {
    key("new");
    Path link = Files.createSymbolicLink(home.resolve("link.key"), file);
    Run run = Run.of(env, "key", "rotate", "--step", "1", "--key-file", link.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("is a symbolic link");
    assertThat(keys()).hasSize(1);
  }

  @Test
  void aKeyInTheEnvironmentCantBeRotatedHere() {
    Run run = Run.of(Map.of("LIBLINK_KEY", "x"), "key", "rotate");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("LIBLINK_KEY=old,new");
  }
}
