package io.liblink.registry.consul;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;

/** Makes registries of {@code consul://host:port}, which talks to the agent by HTTP. */
public final class ConsulProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ConsulProvider() {}

  @Override
  public String scheme() {
    return "consul";
  }

  @Override
  public Registry open(String uri, Context context) {
    return ConsulRegistry.open(uri, context);
  }
}
