package io.liblink.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySourceTest {
  private static final ClusterKey A = ClusterKey.generate();
  private static final ClusterKey B = ClusterKey.generate();

  @TempDir
  Path directory;

  @Test
  void oneOrTwoKeysInOrder() throws IOException {
    String a = A.text();
    String b = B.text();

    assertThat(literal(a)).containsExactly(A);
    assertThat(literal(" " + a + "\n")).containsExactly(A);
    assertThat(literal(b + "," + a)).containsExactly(B, A);
    assertThat(literal(b + " , " + a + " ,")).containsExactly(B, A);
    assertThat(file("# the new one\n" + b + "\n\n  # the old one, " + A.fingerprint() + "\r\n" + a))
        .containsExactly(B, A);
    assertThat(file(b + "," + a + "\r\n")).containsExactly(B, A);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n", ",", "# only a comment"})
  void noKeyIsRefused(String text) {
    assertThat(refusal(() -> literal(text)))
        .hasMessageContaining("LIBLINK_KEY")
        .hasMessageContaining("holds no cluster key")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.COUNT));
  }

  @Test
  void threeKeysOrTheSameTwiceAreRefused() {
    String third = ClusterKey.generate().text();

    assertThat(refusal(() -> literal(A.text() + "," + B.text() + "," + third)))
        .hasMessageContaining("more than two")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.COUNT));
    assertThat(refusal(() -> literal(A.text() + "," + A.text())))
        .hasMessageContaining("twice")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.COUNT));
  }

  @Test
  void aBadKeyIsRefusedWithItsPlaceButNotItself() {
    ClusterKeyException e = refusal(() -> literal(A.text() + ",llk1_secretsecret"));

    assertThat(e)
        .hasMessageContaining("LIBLINK_KEY")
        .message()
        .doesNotContain("secretsecret")
        .doesNotContain(A.text());
    assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aSourceNeverShowsItsKey() {
    assertThat(KeySource.literal(A.text()).toString()).doesNotContain("llk1_");
    assertThat(KeySource.literal(A.text()).describe()).doesNotContain("llk1_");
    assertThat(KeySource.literal(A.text()).load().toString()).doesNotContain("llk1_");
  }

  @Test
  void aNamedFileIsNotCreated() {
    Path missing = directory.resolve("missing.key");

    assertThat(refusal(() -> KeySource.file(missing).load()))
        .hasMessageContaining(missing + " cannot be read: it does not exist")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));
    assertThat(missing).doesNotExist();
  }

  @Test
  void aNamedFileMayBeALinkAsMountedSecretsAre() throws IOException {
    Path real = write(A.text(), "rw-r-----");
    Path link = Files.createSymbolicLink(directory.resolve("link.key"), real);

    assertThat(KeySource.file(link).load().keys()).containsExactly(A);
    assertThat(KeySource.file(link).load().warnings()).isEmpty();
  }

  @Test
  void aNamedFileThatEverybodyReadsIsWarnedAbout() throws IOException {
    Path file = write(A.text(), "rw-r--r--");

    assertThat(KeySource.file(file).load().warnings())
        .singleElement()
        .asString()
        .contains("chmod 600 " + file)
        .contains("defaultMode: 0400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw--w----", "rw-----w-", "rw-rw-rw-"})
  void aNamedFileThatOthersWriteIsRefused(String permissions) throws IOException {
    Path file = write(A.text(), permissions);

    assertThat(refusal(() -> KeySource.file(file).load()))
        .hasMessageContaining("chmod 600 " + file)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSIONS));
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThat(refusal(() -> KeySource.file(directory).load()).reason())
        .isEqualTo(Reason.NOT_A_FILE);
    assertThat(refusal(() -> KeySource.file(Path.of("/dev/zero")).load()).reason())
        .isEqualTo(Reason.NOT_A_FILE);
  }

  @Test
  void aHugeFileIsNotReadToItsEnd() throws IOException {
    Path file = write(" ".repeat(KeyText.MAX_BYTES + 1), "rw-------");
    Path most = write(A.text() + " ".repeat(KeyText.MAX_BYTES - 61), "rw-------");

    assertThat(refusal(() -> KeySource.file(directory.resolve("k0")).load()))
        .hasMessageContaining("larger than")
        .hasMessageContaining(file.toString());
    assertThat(KeySource.file(most).load().keys()).containsExactly(A);
  }

  @Test
  void aBinaryFileIsRefused() throws IOException {
    Path file = write("", "rw-------");
    Files.write(file, new byte[] {0, -1, -2, 127, 10, 13, 0});

    assertThat(refusal(() -> KeySource.file(file).load()).reason()).isEqualTo(Reason.MALFORMED);
  }

  private static List<ClusterKey> literal(String text) {
    return KeySource.literal(text).load().keys();
  }

  private List<ClusterKey> file(String text) throws IOException {
    return KeySource.file(write(text, "rw-------")).load().keys();
  }

  private Path write(String text, String permissions) throws IOException {
    Path file = directory.resolve("k" + directory.toFile().list().length);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static ClusterKeyException refusal(Runnable load) {
    ClusterKeyException e = catchThrowableOfType(ClusterKeyException.class, load::run);
    assertThat(e).as("a refusal").isNotNull();
    return e;
  }
}
