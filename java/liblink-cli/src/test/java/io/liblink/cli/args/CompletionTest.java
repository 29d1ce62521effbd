package io.liblink.cli.args;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  private static final Completion COMPLETION = new Completion(
      List.of(
          Shape.of("call", "calls it's method").options(Option.value("--timeout", "D", "how long")),
          Shape.of("key show", "shows").options(Option.flag("--all", "everything")),
          Shape.of("key new", "makes"),
          Shape.of("completion", "completes"),
          Shape.of("child", "secret").hide()),
      List.of(Option.flag("--json", "JSON").or("-j")));

  @TempDir
  Path directory;

  /** What bash offers for the last of the words. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("c.bash"), COMPLETION.script("bash"));
    String line = "source "
        + script
        + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _liblink; printf '%s\\n' \"${COMPREPLY[@]}\"";
    List<String> command = new java.util.ArrayList<>(List.of("bash", "-c", line, "bash"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return out.lines().filter(l -> !l.isEmpty()).toList();
  }

  @Test
  void bashOffersCommandsMembersAndOptions() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/bin/bash"))).isTrue();

    assertThat(offered("liblink", ""))
        .contains("call", "key", "help", "--json")
        .doesNotContain("child");
    assertThat(offered("liblink", "ca")).containsExactly("call");
    assertThat(offered("liblink", "key", "")).containsExactlyInAnyOrder("show", "new");
    assertThat(offered("liblink", "call", "--t")).containsExactly("--timeout");
    assertThat(offered("liblink", "key", "show", "-")).contains("--all", "--json", "-j");
    assertThat(offered("liblink", "completion", "")).containsExactly("bash", "zsh", "fish");
    assertThat(offered("liblink", "call", "x", "")).isEmpty();
  }

  @Test
  void quotesInDescriptionsDoNotBreakAScript() {
    assertThat(COMPLETION.script("fish")).contains("-d 'calls it\\'s method'");
    assertThat(COMPLETION.script("zsh")).contains("'call:calls it'\\''s method'");
  }

  @Test
  void everyScriptIsFreeOfWhatIsHidden() {
    for (String shell : Completion.shells()) {
      assertThat(COMPLETION.script(shell)).contains("call").doesNotContain("child");
    }
  }
}
