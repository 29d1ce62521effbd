/** The program {@code liblink}. A user of the library like any other: it sees what is exported. */
module io.liblink.cli {
  requires io.liblink;
  requires HdrHistogram;
  requires java.logging;
  requires java.management;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports io.liblink.cli.output to
      java.logging;

  opens io.liblink.cli.command to
      tools.jackson.databind;
  opens io.liblink.cli.demo to
      tools.jackson.databind;
}
