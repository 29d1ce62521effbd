package io.liblink.cli.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.identity.key.KeySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildTest {
  @Test
  void aChildIsThisVeryProgram() throws Exception {
    try (Child child = Child.start("one", List.of("--version"))) {
      assertThat(child.awaitReady(Duration.ofSeconds(30))).startsWith("liblink ");
    }
  }

  @Test
  void aChildThatEndsInsteadOfStartingSaysWhy() throws Exception {
    try (Child child = Child.start("one", List.of("child", "nothing", "n"))) {
      assertThatThrownBy(() -> child.awaitReady(Duration.ofSeconds(30)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("one ended: ")
          .hasMessageContaining("no child serves 'nothing'");
    }
  }

  @Test
  void closingTwiceIsFine() throws Exception {
    Child child = Child.start("one", List.of("help"));
    child.close();
    child.close();

    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aTemporaryClusterHasAKeyThatTheLibraryTakesAndIsGoneAfterwards() throws Exception {
    TemporaryCluster cluster = TemporaryCluster.create("test");
    Path directory = cluster.keyFile().getParent();

    assertThat(KeySource.file(cluster.keyFile()).load().warnings()).isEmpty();
    assertThat(KeySource.file(cluster.keyFile()).load().keys())
        .doesNotContainAnyElementsOf(
            KeySource.file(cluster.strangeKeyFile()).load().keys());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(cluster.registry()).startsWith("local:" + directory);
    assertThat(cluster.words()).hasSize(6);

    Files.writeString(Files.createDirectories(directory.resolve("registry/a/b")).resolve("c"), "x");
    cluster.close();
    cluster.close();
    assertThat(directory).doesNotExist();
  }
}
