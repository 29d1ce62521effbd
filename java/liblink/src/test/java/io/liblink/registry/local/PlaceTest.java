package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the directory is, and when it is refused. */
class PlaceTest {
  @TempDir
  Path temporary;

  private final Map<String, String> environment = new HashMap<>();
  private final long uid = User.uid();
  private Path base;

  @BeforeEach
  void begin() {
    base = temporary.resolve("run");
  }

  private Path base(String uri) {
    return Place.of(uri, n -> environment.getOrDefault(n, ""), "/tmp", uid).base();
  }

  private ClusterDirectory directory(long ours) {
    return new ClusterDirectory(new Place(base, "LIBLINK_RUNTIME_DIR"), "shop", ours);
  }

  private void make(Path path, String mode) throws IOException {
    Files.createDirectory(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void theUriComesFirstThenTheVariableThenTheSessionThenTemporary() {
    assertThat(base("local:")).isEqualTo(Path.of("/tmp/liblink-" + uid));
    environment.put("XDG_RUNTIME_DIR", temporary.toString());
    assertThat(base("local:")).isEqualTo(temporary.resolve("liblink"));
    environment.put("LIBLINK_RUNTIME_DIR", "/some/where");
    assertThat(base("local:")).isEqualTo(Path.of("/some/where"));
    assertThat(base("local:/else/where")).isEqualTo(Path.of("/else/where"));
    assertThat(base("local:///else/where")).isEqualTo(Path.of("/else/where"));
    assertThat(base("local:/with space/ä")).isEqualTo(Path.of("/with space/ä"));
  }

  @Test
  void aSessionDirectoryThatIsMissingRelativeOrAnotherUsersIsPassedOver() throws IOException {
    Path fallback = Path.of("/tmp/liblink-" + uid);
    environment.put("XDG_RUNTIME_DIR", temporary.resolve("missing").toString());
    assertThat(base("local:")).isEqualTo(fallback);
    environment.put("XDG_RUNTIME_DIR", "relative");
    assertThat(base("local:")).isEqualTo(fallback);
    Path link = temporary.resolve("link");
    Files.createSymbolicLink(link, temporary);
    environment.put("XDG_RUNTIME_DIR", link.toString());
    assertThat(base("local:")).isEqualTo(fallback);
    environment.put("XDG_RUNTIME_DIR", temporary.toString());
    assertThat(Place.of("local:", n -> environment.getOrDefault(n, ""), "/tmp", uid + 1)
            .base())
        .isEqualTo(Path.of("/tmp/liblink-" + (uid + 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local:relative", "local:./x", "local:~/x", "local://host/x", "local:\0"})
  void aPathThatIsNotAbsoluteIsRefusedWithItsText(String uri) {
    assertThatThrownBy(() -> base(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + uri + "'");
  }

  @Test
  void aRelativeVariableIsRefusedByName() {
    environment.put("LIBLINK_RUNTIME_DIR", "here");
    assertThatThrownBy(() -> base("local:"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LIBLINK_RUNTIME_DIR='here'");
  }

  @Test
  void missingDirectoriesAreMadeParentsIncluded() throws IOException {
    base = temporary.resolve("a/b/c");
    assertThat(directory(uid).look()).isNull();
    directory(uid).make();
    assertThat(directory(uid).look()).isNotNull();
    directory(uid).make();
  }

  @Test
  void aDirectoryOfAnotherUserIsRefused() throws IOException {
    make(base, "rwx------");
    refused(uid + 1, "belongs to user " + uid, "this process runs as user " + (uid + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rwxrwxrwx", "rwxr-xr-x", "rwxr-x---", "rwx---r--", "rwx--x---", "rwx----w-"})
  void aDirectoryThatOthersCanEnterIsRefused(String mode) throws IOException {
    make(base, mode);
    refused(uid, "open to other users", "chmod 700 " + base);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r-x------", "rw-------", "-wx------", "---------"})
  void aDirectoryThatItsOwnerCantUseIsRefused(String mode) throws IOException {
    make(base, mode);
    refused(uid, "can't be read and written by its owner", "chmod 700 " + base);
  }

  @Test
  void aSymbolicLinkIsRefusedWhereverItLeads() throws IOException {
    Path real = temporary.resolve("real");
    make(real, "rwx------");
    Files.createSymbolicLink(base, real);
    refused(uid, base + " is a symbolic link", "LIBLINK_RUNTIME_DIR");
    Files.delete(base);
    Files.createSymbolicLink(base, temporary.resolve("nowhere"));
    refused(uid, base + " is a symbolic link", "remove it");
  }

  @Test
  void aFileIsRefused() throws IOException {
    Files.writeString(base, "x");
    refused(uid, base + " is not a directory", "remove it");
  }

  @Test
  void theClustersOwnDirectoryIsHeldToTheSame() throws IOException {
    make(base, "rwx------");
    Path cluster = base.resolve("shop");
    make(cluster, "rwxr-xr-x");
    refused(uid, "open to other users", "chmod 700 " + cluster);
    Files.delete(cluster);
    Files.createSymbolicLink(cluster, temporary);
    refused(uid, cluster + " is a symbolic link");
    Files.delete(cluster);
    Files.writeString(cluster, "x");
    refused(uid, cluster + " is not a directory");
  }

  private void refused(long ours, String... words) {
    assertThatThrownBy(() -> directory(ours).look())
        .isInstanceOf(ClusterDirectory.Refused.class)
        .hasMessageContainingAll(words);
    assertThatThrownBy(() -> directory(ours).make())
        .isInstanceOf(ClusterDirectory.Refused.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void failuresOfTheFileSystemComeWithACure() {
    ClusterDirectory d = directory(uid);
    assertThat(d.words(
            "can't write",
            new java.nio.file.FileSystemException("/x", null, "No space left on device")))
        .contains("no space left: free some")
        .contains(d.path().toString());
    assertThat(d.words("can't write", new IOException("No space left on device")))
        .contains("no space left");
    assertThat(d.words(
            "can't write",
            new java.nio.file.FileSystemException("/x", null, "Read-only file system")))
        .contains("read-only: mount it writable")
        .contains("LIBLINK_RUNTIME_DIR");
    assertThat(d.words("can't write", new java.nio.file.AccessDeniedException("/x")))
        .contains("permission denied");
  }
}
