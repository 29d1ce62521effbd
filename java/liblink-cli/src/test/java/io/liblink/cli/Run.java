package io.liblink.cli;

import io.liblink.cli.output.Console;
import io.liblink.time.TimeSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One run of the program inside the test, and what came of it. */
record Run(int exit, String out, String err) {
  static Run of(String... words) {
    return of(Map.of(), words);
  }

  static Run of(Map<String, String> environment, String... words) {
    return withInput(environment, "", words);
  }

  static Run withInput(Map<String, String> environment, String in, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(
        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, err, "", false);
    int exit = new Program(console, environment, TimeSource.system()).run(List.of(words));
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
