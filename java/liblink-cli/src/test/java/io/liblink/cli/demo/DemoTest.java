package io.liblink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.args.Parser;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.command.Settings;
import io.liblink.cli.output.Console;
import io.liblink.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {
  @Test
  @Timeout(240)
  void everythingGoesAsPromised() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    DemoCommand demo = new DemoCommand(Duration.ofMillis(300), Duration.ofMillis(700));
    var arguments = new Parser(demo.shape(), Settings.OPTIONS).parse(List.of());
    Console console = new Console(InputStream.nullInputStream(), out, err, "", false);
    int exit = demo.run(
        new Invocation(arguments, console, Settings.of(arguments, Map.of()), TimeSource.system()));
    String text = out.toString(StandardCharsets.UTF_8);

    assertThat(exit).as(text + err).isZero();
    assertThat(text)
        .contains("NOT_FOUND: the shop has no 'car'")
        .contains("kill -9 ")
        .contains("none failed")
        .contains("it hears: UNAUTHENTICATED")
        .contains("stock-1 says: ")
        .contains("0 failed orders, nothing lost")
        .contains("3,000 acknowledged, 3,000 arrived, 0 lost")
        .contains("none missed")
        .doesNotContain("\u001b");
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Now yours");
  }
}
