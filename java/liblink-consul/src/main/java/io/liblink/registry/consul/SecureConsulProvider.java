package io.liblink.registry.consul;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;

/** Makes registries of {@code consuls://host:port}, which talks to the agent by HTTPS. */
public final class SecureConsulProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public SecureConsulProvider() {}

  @Override
  public String scheme() {
    return "consuls";
  }

  @Override
  public Registry open(String uri, Context context) {
    return ConsulRegistry.open(uri, context);
  }
}
