package io.liblink.registry.local;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;

/** Makes registries of {@code local:} and {@code local:/directory}. */
public final class LocalProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public LocalProvider() {}

  @Override
  public String scheme() {
    return "local";
  }

  @Override
  public Registry open(String uri, Context context) {
    long uid = User.uid();
    Place place = Place.of(
        uri,
        name -> {
          String value = System.getenv(name);
          return value == null ? "" : value;
        },
        System.getProperty("java.io.tmpdir", "/tmp"),
        uid);
    LocalRegistry registry = new LocalRegistry(uri, place, uid, LinuxProcesses.here(), context);
    registry.start();
    return registry;
  }
}
