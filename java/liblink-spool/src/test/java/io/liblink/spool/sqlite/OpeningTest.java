package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.spool.Spool;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;

/** Which directories are taken for a spool, and what the others are told. */
class OpeningTest {
  @TempDir
  Path directory;

  @Test
  void aSecondProcessIsRefusedAndToldWhoHasIt() throws Exception {
    Path home = directory.resolve("spool");
    try (Spool spool = Spools.open(home)) {
      try (AppendingProcess child = AppendingProcess.start(home, "stream", 1, List.of())) {
        assertThat(child.line())
            .startsWith("refused FAILED_PRECONDITION")
            .contains(home.toString(), "process " + ProcessHandle.current().pid() + " has it open");
      }
      assertThat(Spools.append(spool, Spools.item(1, 10))).isEqualTo(1);
    }
    try (AppendingProcess child = AppendingProcess.start(home, "ask", 1, List.of())) {
      assertThat(child.line()).isEqualTo("open");
      LinkException refused = Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));
      assertThat(refused.problem()).contains("process " + child.pid());
    }
    try (Spool spool = Spools.open(home)) {
      assertThat(spool.items())
          .as("the lock went with the process that was killed")
          .isEqualTo(1);
    }
  }

  @Test
  void theSameProcessCantOpenItTwiceAndTheRefusalFreesNothing() throws Exception {
    Path home = directory.resolve("spool");
    try (Spool spool = Spools.open(home)) {
      Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));
      Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));
      try (AppendingProcess child = AppendingProcess.start(home, "stream", 1, List.of())) {
        assertThat(child.line()).startsWith("refused");
      }
      Spools.append(spool, Spools.item(1, 10));
    }
  }

  @Test
  void theDirectoryAndItsFilesAreForTheUserAlone() throws IOException {
    Path home = directory.resolve("a/b/spool");
    try (Spool spool = Spools.open(home)) {
      Spools.append(spool, Spools.item(1, 10));

      assertThat(mode(home)).isEqualTo("rwx------");
      assertThat(mode(home.getParent())).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(home)) {
        assertThat(files).hasSizeGreaterThan(2).allMatch(f -> mode(f).equals("rw-------"));
      }
    }
  }

  @Test
  void aDirectoryThatOthersMayWriteToIsRefusedWithTheCommandThatMendsIt() throws IOException {
    Path home = Files.createDirectory(directory.resolve("spool"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxr-x"));

    LinkException refused = Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));
    assertThat(refused.problem()).contains("chmod 700 " + home);

    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Spools.open(home).close();
  }

  @Test
  void aCopyThatWasPutBackOpenToAllIsClosedToOthers() throws IOException {
    Path home = directory.resolve("spool");
    Spools.open(home).close();
    Path store = home.resolve("spool.db");
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-r--r--"));

    Spools.open(home).close();

    assertThat(mode(store)).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a?b=c&d", "a%20b", "a#b", "ä€", "a'b\"c", "a;b", "-x", "file:x"})
  void namesOfDirectoriesMayBeOdd(String name) {
    Path home = directory.resolve(name).resolve("spool");
    try (Spool spool = Spools.open(home)) {
      Spools.append(spool, Spools.item(1, 10));
    }
    assertThat(home.resolve("spool.db")).exists();
    try (Spool spool = Spools.open(home)) {
      assertThat(spool.items()).isEqualTo(1);
    }
  }

  @Test
  void aFileInTheWayIsSaid() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    for (Path home : List.of(file, file.resolve("spool"))) {
      LinkException refused = Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(home));
      assertThat(refused.problem()).contains(home.toString(), "a part of the path is a file");
    }
  }

  @Test
  void aDirectoryOfOtherThingsIsLeftAlone() throws IOException {
    Path other = Files.writeString(directory.resolve("letters.txt"), "x");

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(directory));

    assertThat(refused.problem()).contains("letters.txt", "empty directory");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(other);
    }
  }

  @Test
  void aFileOfAnotherFormatIsRefusedAndLeftAlone() throws IOException {
    Path store = directory.resolve("spool.db");
    byte[] other = "This is not a database, and long enough not to be an empty one.\n"
        .repeat(100)
        .getBytes();
    Files.write(store, other);

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(directory));

    assertThat(refused.problem()).contains(directory.toString(), "is not the store of a spool");
    assertThat(store).hasBinaryContent(other);
  }

  @Test
  void aDatabaseOfSomethingElseIsRefusedAndLeftAlone() throws Exception {
    Path store = directory.resolve("spool.db");
    change(store, "CREATE TABLE bookmarks (url TEXT)");
    byte[] other = Files.readAllBytes(store);

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(directory));

    assertThat(refused.problem()).contains("a database of something else".substring(2), "another");
    assertThat(store).hasBinaryContent(other);
  }

  @Test
  void aSpoolOfANewerVersionIsRefused() throws Exception {
    Spools.open(directory).close();
    change(directory.resolve("spool.db"), "PRAGMA user_version=2");

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(directory));

    assertThat(refused.problem()).contains("newer version (format 2, and this one knows 1)");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE FROM item WHERE number = 1, holds 1 of 10",
    "DELETE FROM item WHERE number = 2, holds 1 of 0",
    "UPDATE item SET bytes = x'00' WHERE number = 2, holds 2 of 1",
    "UPDATE item SET number = 3 WHERE number = 2, holds 2 of 10",
  })
  void tablesThatDoNotHoldWhatTheyShouldAreRefused(String damage, String said) throws Exception {
    try (Spool spool = Spools.open(directory)) {
      Spools.append(spool, new byte[0], Spools.item(2, 10));
    }
    change(directory.resolve("spool.db"), damage);

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(directory));

    assertThat(refused.problem()).contains("it should hold 2 items of together 10 bytes", said);
  }

  /** Killed between making the files and making the tables. */
  @Test
  void anEmptyStoreIsANewOne() throws IOException {
    Files.createFile(directory.resolve("spool.db"));
    Files.createFile(directory.resolve("accepted"));
    try (Spool spool = Spools.open(directory)) {
      assertThat(Spools.append(spool, Spools.item(1, 10))).isEqualTo(1);
    }
  }

  /** Writing on would succeed, into files that nobody will ever find. */
  @Test
  void nothingIsAcceptedWhenTheFilesWereDeletedMeanwhile() throws IOException {
    Path home = directory.resolve("spool");
    try (Spool spool = Spools.open(home)) {
      Spools.append(spool, Spools.item(1, 10));
      try (Stream<Path> files = Files.list(home)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      for (int i = 0; i < 2; i++) {
        LinkException refused = Spools.refusal(spool, Spools.item(2, 10));
        assertThat(refused.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(refused.problem()).contains(home.toString(), "deleted");
        Files.write(home.resolve("spool.db"), new byte[0]);
      }
    }
    try (Spool spool = Spools.open(home)) {
      assertThat(Spools.append(spool, Spools.item(1, 10))).isEqualTo(1);
    }
  }

  @Test
  void aNativeLibraryThatCantBeUnpackedIsSaidWithTheOptionThatHelps() throws Exception {
    Path file = Files.createFile(directory.resolve("no directory"));
    String option = "JDK_JAVA_OPTIONS=\"-Dorg.sqlite.tmpdir=" + file + "\"";
    // The driver says at length on standard error what the refusal says in a line.
    List<String> before = List.of("sh", "-c", "exec 2>/dev/null; exec \"$@\"", "sh", "env", option);
    try (AppendingProcess child =
        AppendingProcess.start(directory.resolve("spool"), "ask", 1, before)) {
      assertThat(child.line())
          .startsWith("refused FAILED_PRECONDITION")
          .contains("native library", "-Dorg.sqlite.tmpdir");
    }
  }

  @Test
  void aReadOnlyDiskIsSaid() throws Exception {
    Path mounted = directory.resolve("disk");
    Path home = mounted.resolve("spool");
    try (SmallDisk disk = SmallDisk.mount(mounted, "4m")) {
      try (Spool spool = Spools.open(home)) {
        Spools.append(spool, Spools.item(1, 10));
      }
      disk.makeReadOnly();
      for (Path wanted : List.of(home, mounted.resolve("new"))) {
        LinkException refused =
            Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(wanted));
        assertThat(refused.problem()).contains(wanted.toString()).containsIgnoringCase("read");
      }
    }
  }

  @Test
  void aDirectoryWithoutPermissionIsSaid() throws IOException {
    Path above = Files.createDirectory(directory.resolve("above"));
    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("r-x------"));
    assumeTrue(!Files.isWritable(above), "this user may write everywhere");

    LinkException refused =
        Spools.failure(Status.FAILED_PRECONDITION, () -> Spools.open(above.resolve("spool")));

    assertThat(refused.problem()).contains("may not write there");
  }

  private static void change(Path store, String sql) throws Exception {
    try (Connection connection =
            JDBC.createConnection(JDBC.PREFIX + store, new java.util.Properties());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
