/** The program {@code liblink}. A user of the library like any other: it sees what is exported. */
module io.liblink.cli {
  requires io.liblink;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static org.jspecify;

  opens io.liblink.cli.command to
      tools.jackson.databind;
}
