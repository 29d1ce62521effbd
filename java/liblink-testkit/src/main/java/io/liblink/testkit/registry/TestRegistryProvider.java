package io.liblink.testkit.registry;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the registry of a test cluster by its URI, {@code test:<number>}. */
public final class TestRegistryProvider implements RegistryProvider {
  /**
   * The registries of the test clusters that are open, each removed when its cluster closes. Static,
   * because {@link java.util.ServiceLoader} makes a provider of its own for every node.
   */
  private static final Map<String, TestRegistry> OPEN = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public TestRegistryProvider() {}

  static void opened(String uri, TestRegistry registry) {
    OPEN.put(uri, registry);
  }

  static void closed(String uri) {
    OPEN.remove(uri);
  }

  @Override
  public String scheme() {
    return "test";
  }

  @Override
  public Registry open(String uri, Context context) {
    TestRegistry registry = OPEN.get(uri);
    if (registry == null) {
      throw new IllegalArgumentException(
          "'" + uri + "' is the registry of no open TestCluster: use TestCluster.registryUri()");
    }
    return registry.join(context);
  }
}
