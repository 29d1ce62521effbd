package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a repository of its own, with a JDK and a Maven that are shell scripts: they write
 * down how they were called.
 */
@Timeout(60)
class LauncherTest {
  @TempDir
  Path top;

  private Path repository = Path.of("");
  private Path log = Path.of("");
  private Path bin = Path.of("");

  private record Start(int exit, String out, String err) {}

  @BeforeEach
  void aRepository() throws IOException {
    assumeThat(Files.isExecutable(Path.of("/bin/sh"))).isTrue();
    top = top.toRealPath();
    repository = Files.createDirectories(top.resolve("a repository"));
    log = top.resolve("log");
    bin = Files.createDirectories(top.resolve("bin"));
    Files.writeString(log, "");
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(here.resolve("liblink"))) {
      here = here.getParent();
    }
    // The machine's own JDKs must not be found.
    String text = Files.readString(here.resolve("liblink"))
        .replace(" /usr/lib", " " + top + "/usr/lib")
        .replace(" /opt/", " " + top + "/opt/");
    Files.writeString(repository.resolve("liblink"), text);
    executable(repository.resolve("liblink"));
    for (String file : List.of(
        "pom.xml",
        "spec/errors.json",
        "java/liblink/pom.xml",
        "java/liblink/src/main/A.java",
        "java/liblink-cli/pom.xml",
        "java/liblink-cli/src/main/B.java",
        "java/liblink-cli/src/test/T.java")) {
      Path path = repository.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "x");
    }
    try (var all = Files.walk(repository)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(3600)));
      }
    }
    maven("mkdir -p java/liblink-cli/target && echo jar > java/liblink-cli/target/liblink.jar");
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void maven(String does) throws IOException {
    Path mvn = bin.resolve("mvn");
    Files.writeString(
        mvn,
        "#!/bin/sh\necho \"mvn $* in $(pwd) with $JAVA_HOME\" >> '" + log + "'\n" + does + "\n");
    executable(mvn);
  }

  /** A JDK whose java writes down its arguments, and writes the image it is asked for. */
  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(top.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\nOTHER=1\n");
    Path java = home.resolve("bin/java");
    Files.writeString(java, """
        #!/bin/sh
        echo "java %s $*" >> '%s'
        for a; do
          case $a in -XX:ArchiveClassesAtExit=*) echo image > "${a#*=}" ;; esac
        done
        case "$*" in *fail*) exit 78 ;; *train*) ;; *) echo "ran $*" ;; esac
        """.formatted(name, log));
    executable(java);
    Files.writeString(home.resolve("bin/javac"), "#!/bin/sh\n");
    executable(home.resolve("bin/javac"));
    return home;
  }

  private Start start(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return start(environment, repository.resolve("liblink"), top, words);
  }

  private Start start(Map<String, String> environment, Path launcher, Path from, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    Path out = Files.createTempFile(top, "out", "");
    Path err = Files.createTempFile(top, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(from.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", bin + ":/usr/bin:/bin", "HOME", top.toString()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Start(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(log, StandardCharsets.UTF_8);
  }

  private Map<String, String> with(Path jdk) {
    return Map.of("JAVA_HOME", jdk.toString());
  }

  @Test
  void theFirstStartBuildsTrainsAndRunsAndTheSecondOnlyRuns() throws Exception {
    Path jdk = jdk("jdk", "17.0.15");
    Start first = start(with(jdk), "call", "a/b", "two words");
    Start second = start(with(jdk), "ls");

    assertThat(first.exit()).isZero();
    assertThat(first.out()).endsWith("liblink.jar call a/b two words\n");
    assertThat(first.err()).isEqualTo("liblink: building for the first time ...\n");
    assertThat(second.err()).isEmpty();
    assertThat(calls()).hasSize(4);
    assertThat(calls().get(0))
        .isEqualTo("mvn -q -B -DskipTests -Dquick -pl java/liblink-cli -am package in "
            + repository
            + " with "
            + jdk);
    assertThat(calls().get(1)).contains("-XX:ArchiveClassesAtExit=").endsWith(".jar train");
    assertThat(calls().get(3)).contains("-XX:SharedArchiveFile=").endsWith(".jar ls");
    assertThat(repository.resolve(".liblink-build/lock")).doesNotExist();
  }

  @Test
  void eachJdkGetsItsOwnImage() throws Exception {
    Path old = jdk("jdk17", "17.0.15");
    Path recent = jdk("jdk25", "25.0.3");
    start(with(old), "ls");
    Start other = start(with(recent), "ls");

    assertThat(other.err()).isEqualTo("liblink: preparing a fast start with Java 25.0.3 ...\n");
    assertThat(calls().get(3)).contains("-XX:ArchiveClassesAtExit=").contains("25.0.3");
    assertThat(calls().get(4)).contains("-XX:SharedArchiveFile=").contains("jdk25-25.0.3");
    start(with(old), "ls");
    assertThat(calls()).hasSize(6);
    assertThat(calls().get(5)).contains("-XX:SharedArchiveFile=").contains("jdk17-17.0.15");
    assertThat(calls().get(4)).contains("--sun-misc-unsafe-memory-access=allow");
    assertThat(calls().get(5)).doesNotContain("--sun-misc-unsafe");
  }

  @Test
  void shortCommandsStartFastAndLongOnesGetTheFullCompiler() throws Exception {
    Path jdk = jdk("jdk", "21");
    start(with(jdk), "ls");
    start(with(jdk), "--cluster", "serve", "ls");
    start(with(jdk), "--cluster", "shop", "-j", "serve", "x");
    start(with(jdk), "bench", "call");
    List<String> calls = calls();

    assertThat(calls.get(2)).contains("-XX:TieredStopAtLevel=1").contains("-XX:+UseSerialGC");
    assertThat(calls.get(3)).contains("-XX:TieredStopAtLevel=1");
    assertThat(calls.get(4)).doesNotContain("Tiered").doesNotContain("Serial");
    assertThat(calls.get(5)).doesNotContain("Tiered").contains("-Xlog:disable");
  }

  @Test
  void aChangedSourceIsBuiltAgainAndAChangedTestIsNot() throws Exception {
    Path jdk = jdk("jdk", "17");
    start(with(jdk), "ls");
    Files.setLastModifiedTime(
        repository.resolve("java/liblink-cli/src/test/T.java"),
        FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(start(with(jdk), "ls").err()).isEmpty();
    Files.setLastModifiedTime(
        repository.resolve("java/liblink/src/main/A.java"),
        FileTime.from(Instant.now().plusSeconds(5)));
    Start changed = start(with(jdk), "ls");

    assertThat(changed.err()).isEqualTo("liblink: sources have changed, building ...\n");
    assertThat(changed.out()).isNotEmpty();
  }

  @Test
  void aBuildThatFailsShowsItsOutputAndRunsNothing() throws Exception {
    maven("echo 'COMPILATION ERROR'; exit 1");
    Start start = start(with(jdk("jdk", "17")), "ls");

    assertThat(start.exit()).isEqualTo(1);
    assertThat(start.out()).isEmpty();
    assertThat(start.err()).contains("COMPILATION ERROR").contains("liblink: the build failed");
    assertThat(calls()).hasSize(1);
    assertThat(repository.resolve(".liblink-build/lock")).doesNotExist();
  }

  @Test
  void withoutMavenItSaysHowToGetOne() throws Exception {
    Files.delete(bin.resolve("mvn"));
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk("jdk", "17").toString(), "PATH", onlyTools());
    Start start = start(environment, "ls");

    assertThat(start.exit()).isEqualTo(1);
    assertThat(start.err())
        .contains("Maven (mvn) is not on the PATH")
        .contains("apt install maven");
  }

  /** A directory with what the launcher uses and nothing else. */
  private String onlyTools() throws IOException {
    Path tools = Files.createDirectories(top.resolve("tools"));
    for (String tool :
        List.of("readlink", "find", "ln", "mv", "rm", "mkdir", "cp", "cat", "sleep", "sed")) {
      String place = Files.isExecutable(Path.of("/bin/" + tool)) ? "/bin/" : "/usr/bin/";
      Path script = tools.resolve(tool);
      Files.writeString(script, "#!/bin/sh\nexec " + place + tool + " \"$@\"\n");
      executable(script);
    }
    return tools.toString();
  }

  @Test
  void anOldJavaHomeIsPassedOverForANewerJdk() throws Exception {
    Path old = jdk("jdk8", "1.8.0_402");
    jdk(".jdks/seventeen", "17.0.1");
    jdk(".jdks/huge", "1000.1");
    Start start = start(with(old), "ls");

    assertThat(start.exit()).isZero();
    assertThat(calls().get(0)).endsWith(".jdks/huge");
    assertThat(calls().get(1)).startsWith("java .jdks/huge ");
  }

  @Test
  void javaOnThePathIsTheLastResort() throws Exception {
    Path jdk = jdk("elsewhere", "17.0.1");
    Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
    start(Map.of("PATH", bin + ":" + onlyTools()), "ls");
    jdk("usr/lib/jvm/seventeen", "17.0.2");
    start(Map.of("PATH", bin + ":" + onlyTools()), "ls");

    assertThat(calls().get(1)).startsWith("java elsewhere ");
    assertThat(calls().get(4)).startsWith("java usr/lib/jvm/seventeen ");
  }

  @Test
  void withoutAnyJavaItSaysHowToGetOne() throws Exception {
    Start none = start(Map.of("PATH", onlyTools()), "ls");
    jdk("usr/lib/jvm/old", "11.0.2");
    Start old = start(Map.of("PATH", onlyTools(), "JAVA_HOME", "/nowhere"), "ls");

    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err())
        .contains("needs a JDK 17 or newer")
        .contains("No Java was found.")
        .contains("apt install openjdk-17-jdk");
    assertThat(old.err())
        .contains("The newest Java found is 11.0.2")
        .contains("JAVA_HOME is /nowhere");
  }

  @Test
  void itWorksThroughLinksAndFromAnywhere() throws Exception {
    Path jdk = jdk("jdk", "17");
    Path inner = Files.createSymbolicLink(repository.resolve("inner"), Path.of("liblink"));
    Path outer = Files.createSymbolicLink(bin.resolve("ll"), inner);
    Files.createSymbolicLink(top.resolve("dir"), repository);

    assertThat(start(with(jdk), outer, Path.of("/"), "ls").exit()).isZero();
    assertThat(start(with(jdk), Path.of("./liblink"), repository, "ls").exit()).isZero();
    assertThat(start(with(jdk), top.resolve("dir/liblink"), top, "ls").exit()).isZero();
    assertThat(calls().stream().filter(c -> c.startsWith("mvn"))).hasSize(1);
  }

  @Test
  void itsExitCodeIsTheProgramsAndItsOptionsArriveUnharmed() throws Exception {
    Path jdk = jdk("jdk", "17");
    Start start = start(
        Map.of("JAVA_HOME", jdk.toString(), "LIBLINK_JAVA_OPTS", "-Xmx1g -Dx=y"),
        "call",
        "fail",
        "*",
        "$HOME",
        "",
        "a  b");

    assertThat(start.exit()).isEqualTo(78);
    assertThat(calls().get(2)).contains(" -Xmx1g -Dx=y -jar ").endsWith("call fail * $HOME  a  b");
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    Path jdk = jdk("jdk", "17");
    maven(
        "sleep 1; mkdir -p java/liblink-cli/target && echo jar > java/liblink-cli/target/liblink.jar");
    List<Thread> threads = new ArrayList<>();
    List<Start> starts = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> {
        try {
          starts.add(start(with(jdk), "ls"));
        } catch (IOException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }

    assertThat(starts).hasSize(3).allMatch(s -> s.exit() == 0);
    assertThat(calls().stream().filter(c -> c.startsWith("mvn"))).hasSize(1);
    assertThat(calls().stream().filter(c -> c.endsWith(" ls"))).hasSize(3);
  }

  @Test
  void aLockThatADeadProcessLeftIsTakenOver() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor(10, TimeUnit.SECONDS)).isTrue();
    Path made = Files.createDirectories(repository.resolve(".liblink-build"));
    Files.createSymbolicLink(made.resolve("lock"), Path.of(Long.toString(dead.pid())));
    Start start = start(with(jdk("jdk", "17")), "ls");

    assertThat(start.exit()).isZero();
    assertThat(made.resolve("lock")).doesNotExist();
  }

  @Test
  void anImageThatCantBeMadeIsDoneWithoutAndNotTriedAgain() throws Exception {
    Path jdk = jdk("jdk", "17");
    Path java = jdk.resolve("bin/java");
    Files.writeString(java, Files.readString(java).replace("echo image", "echo -n ''"));
    start(with(jdk), "ls");
    start(with(jdk), "ls");

    assertThat(calls().stream().filter(c -> c.endsWith(" train"))).hasSize(2);
    assertThat(calls().get(4)).doesNotContain("SharedArchiveFile");
  }

  @Test
  void aCrashWhileTheImageIsMadeIsNotSeenAndItIsNotUsed() throws Exception {
    Path jdk = jdk("jdk", "17");
    Path java = jdk.resolve("bin/java");
    Files.writeString(
        java,
        Files.readString(java).replace("*train*) ;;", "*train*) echo crash; kill -ABRT $$ ;;"));
    Start start = start(with(jdk), "ls");

    assertThat(start.exit()).isZero();
    assertThat(start.err()).isEqualTo("liblink: building for the first time ...\n");
    assertThat(calls().stream().filter(c -> c.endsWith(" train"))).hasSize(2);
    assertThat(calls().get(3)).doesNotContain("SharedArchiveFile");
  }
}
