package io.liblink.registry.etcd;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;

/** Makes registries of {@code etcds://…}: the same as {@link EtcdProvider}, over TLS. */
public final class SecureEtcdProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public SecureEtcdProvider() {}

  @Override
  public String scheme() {
    return "etcds";
  }

  @Override
  public Registry open(String uri, Context context) {
    return EtcdRegistry.open(EtcdUri.parse(uri, System.getenv()), context);
  }
}
