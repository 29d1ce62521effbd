/** A cluster inside a test: real nodes and real TLS, a clock to turn, faults to inject. */
module io.liblink.testkit {
  requires transitive io.liblink;
  requires static transitive org.jspecify;

  exports io.liblink.testkit;

  provides io.liblink.registry.RegistryProvider with
      io.liblink.testkit.registry.TestRegistryProvider;
}
