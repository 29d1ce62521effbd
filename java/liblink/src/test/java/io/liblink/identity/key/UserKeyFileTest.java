package io.liblink.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserKeyFileTest {
  @TempDir
  Path home;

  private Path file;
  private KeySource source;

  @BeforeEach
  void locate() {
    file = home.resolve(".config/liblink/shop.key");
    source = ofHome(home);
  }

  private static KeySource ofHome(Path home) {
    return KeySource.ofUser("shop", Map.of("HOME", home.toString()));
  }

  @Test
  void theFirstUseCreatesAKeyForTheUserAlone() throws IOException {
    KeySource.Loaded first = source.load();

    assertThat(first.created()).isTrue();
    assertThat(first.warnings()).isEmpty();
    assertThat(first.keys()).hasSize(1);
    assertThat(Files.readString(file)).isEqualTo(first.keys().get(0).text() + "\n");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(file.getParent())).isEqualTo("rwx------");
    assertThat(permissions(home.resolve(".config"))).isEqualTo("rwx------");
    assertThat(file.getParent().toFile().list()).containsExactly("shop.key");
  }

  @Test
  void theSecondUseReadsIt() {
    ClusterKey key = source.load().keys().get(0);
    KeySource.Loaded second = ofHome(home).load();

    assertThat(second.created()).isFalse();
    assertThat(second.keys()).containsExactly(key);
    assertThat(source.reload().keys()).containsExactly(key);
  }

  @Test
  void eachClusterHasAFileOfItsOwn() {
    Map<String, String> environment = Map.of("HOME", home.toString());

    assertThat(KeySource.ofUser("test.eu-1", environment).load().keys())
        .isNotEqualTo(source.load().keys());
    assertThat(home.resolve(".config/liblink/test.eu-1.key")).isRegularFile();
  }

  @Test
  void theDirectoryOfConfigurationsCanBeElsewhere() {
    Path xdg = home.resolve("xdg");
    Map<String, String> environment =
        Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", xdg.toString());

    assertThat(KeySource.ofUser("shop", environment).load().created()).isTrue();
    assertThat(xdg.resolve("liblink/shop.key")).isRegularFile();
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative/path", "."})
  void aRelativeDirectoryOfConfigurationsIsIgnored(String xdg) {
    Map<String, String> environment = Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", xdg);

    assertThat(KeySource.ofUser("shop", environment).load().created()).isTrue();
    assertThat(file).isRegularFile();
  }

  @Test
  void aKeyThatVanishesWhileInUseIsNotReplaced() throws IOException {
    source.load();
    Files.delete(file);

    assertThat(refusal(source::reload))
        .hasMessageContaining(file + " cannot be read: it does not exist")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---", "rwxrwxrwx"})
  void aFileThatOthersCanUseIsRefusedWithTheCure(String permissions) throws IOException {
    source.load();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(refusal(source::load))
        .hasMessageContaining("run 'chmod 600 " + file + "'")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSIONS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx-w----", "rwxrwx---", "rwx----w-", "rwxrwxrwx"})
  void aDirectoryThatOthersCanWriteIsRefusedWithTheCure(String permissions) throws IOException {
    source.load();
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString(permissions));

    assertThat(refusal(source::load))
        .hasMessageContaining("run 'chmod 700 " + file.getParent() + "'")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSIONS));
  }

  @Test
  void noKeyIsPutIntoADirectoryThatOthersCanWrite() throws IOException {
    Files.createDirectories(file.getParent());
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(refusal(source::load).reason()).isEqualTo(Reason.PERMISSIONS);
    assertThat(file.getParent().toFile().list()).isEmpty();
  }

  @Test
  void anOddPathIsQuotedForTheShell() throws IOException {
    Path odd = Files.createDirectory(home.resolve("o'dd home"));
    ofHome(odd).load();
    Path oddFile = odd.resolve(".config/liblink/shop.key");
    Files.setPosixFilePermissions(oddFile, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(refusal(ofHome(odd)::load))
        .hasMessageContaining("chmod 600 '" + oddFile.toString().replace("'", "'\\''") + "'");
  }

  @Test
  void aSymbolicLinkIsRefusedEvenToAGoodFile() throws IOException {
    source.load();
    Path elsewhere = home.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);

    assertThat(refusal(source::load))
        .hasMessageContaining("is a symbolic link")
        .hasMessageContaining("LIBLINK_KEY_FILE")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_A_FILE));
  }

  @Test
  void aLinkToNowhereIsNotFollowedToCreateAKey() throws IOException {
    Files.createDirectories(file.getParent());
    Path elsewhere = home.resolve("elsewhere");
    Files.createSymbolicLink(file, elsewhere);

    assertThat(refusal(source::load).reason()).isEqualTo(Reason.NOT_A_FILE);
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void aDirectoryInPlaceOfTheFileIsRefused() throws IOException {
    Files.createDirectories(file);

    assertThat(refusal(source::load).reason()).isEqualTo(Reason.NOT_A_FILE);
  }

  @Test
  void aFileOfAnotherUserIsRefused() throws IOException {
    source.load();
    giveAway(file);

    assertThat(refusal(source::load))
        .hasMessageContaining("sudo chown \"$(id -un)\" " + file)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.OWNER));
  }

  @Test
  void aDirectoryOfAnotherUserIsRefused() throws IOException {
    source.load();
    giveAway(file.getParent());

    assertThat(refusal(source::load).reason()).isEqualTo(Reason.OWNER);
  }

  @Test
  void withoutAHomeNothingIsCreated() {
    Path missing = home.resolve("missing");

    assertThat(refusal(ofHome(missing)::load))
        .hasMessageContaining(missing + " does not exist")
        .hasMessageContaining("LIBLINK_KEY_FILE")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CREATED));
    assertThat(missing).doesNotExist();
    assertThat(refusal(ofHome(Path.of("not/absolute"))::load).reason())
        .isEqualTo(Reason.NOT_CREATED);
    assertThat(refusal(KeySource.ofUser(
                "shop", Map.of("XDG_CONFIG_HOME", missing.resolve("config").toString()))::load)
            .reason())
        .isEqualTo(Reason.NOT_CREATED);
  }

  @Test
  void whereNothingCanBeWrittenTheReasonIsTold() {
    // Not even root can make a directory there.
    Path readOnly = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(readOnly));

    assertThat(refusal(ofHome(readOnly)::load))
        .hasMessageContaining("cannot be created: ")
        .hasMessageContaining("LIBLINK_KEY_FILE")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CREATED));
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsToldApart() throws IOException {
    Files.writeString(home.resolve(".config"), "not a directory");

    assertThat(refusal(source::load))
        .hasMessageContaining(".config is not a directory")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CREATED));
  }

  @Test
  void aFileOfGarbageIsRefusedAndKept() throws IOException {
    source.load();
    Files.writeString(file, "garbage");

    assertThat(refusal(source::load))
        .hasMessageContaining(file.toString())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    assertThat(Files.readString(file)).isEqualTo("garbage");
  }

  @Test
  void ofManyThatComeFirstAtOnceOneWinsAndTheOthersReadItsKey() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 20; round++) {
        Path fresh = Files.createDirectory(home.resolve("home" + round));
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<KeySource.Loaded> task = () -> {
          start.await(10, TimeUnit.SECONDS);
          return ofHome(fresh).load();
        };
        Set<ClusterKey> keys = new HashSet<>();
        int created = 0;
        for (Future<KeySource.Loaded> f : pool.invokeAll(Collections.nCopies(threads, task))) {
          keys.addAll(f.get(20, TimeUnit.SECONDS).keys());
          created += f.get().created() ? 1 : 0;
        }
        assertThat(keys).hasSize(1);
        assertThat(created).isEqualTo(1);
        assertThat(fresh.resolve(".config/liblink").toFile().list()).containsExactly("shop.key");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void processesThatComeFirstAtOnceEndWithOneKey() throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LoadKey.class.getName());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_CONFIG_HOME");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        processes.add(builder.redirectErrorStream(true).start());
      }
      for (Process p : processes) { // all JVMs are up before any may load
        assertThat(p.inputReader().readLine()).isEqualTo("ready");
      }
      for (Process p : processes) {
        p.outputWriter().append("go\n").flush();
      }
      Set<String> prints = new HashSet<>();
      for (Process p : processes) {
        prints.add(p.inputReader().readLine());
        assertThat(p.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(prints).containsExactly(source.load().keys().get(0).fingerprint());
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private static void giveAway(Path path) throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root can give a file away");
    Files.setAttribute(path, "unix:uid", 12345);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static ClusterKeyException refusal(Runnable load) {
    ClusterKeyException e = catchThrowableOfType(ClusterKeyException.class, load::run);
    assertThat(e).as("a refusal").isNotNull();
    assertThat(e.getMessage()).doesNotContain("llk1_a").hasSizeGreaterThan(40);
    return e;
  }
}
