/** The registry {@code consul://}. Nothing of it is API: it is found by its URI. */
module io.liblink.consul {
  requires io.liblink;
  requires java.net.http;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static transitive org.jspecify;

  provides io.liblink.registry.RegistryProvider with
      io.liblink.registry.consul.ConsulProvider,
      io.liblink.registry.consul.SecureConsulProvider;
}
