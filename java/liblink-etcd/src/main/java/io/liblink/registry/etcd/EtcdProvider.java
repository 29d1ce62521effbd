package io.liblink.registry.etcd;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;

/** Makes registries of {@code etcd://host:2379,host:2379/prefix?option=value}. */
public final class EtcdProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public EtcdProvider() {}

  @Override
  public String scheme() {
    return "etcd";
  }

  @Override
  public Registry open(String uri, Context context) {
    return EtcdRegistry.open(EtcdUri.parse(uri, System.getenv()), context);
  }
}
