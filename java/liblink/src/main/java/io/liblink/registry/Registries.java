package io.liblink.registry;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Opens a registry by its URI, with whichever {@link RegistryProvider} has its scheme. */
public final class Registries {
  private Registries() {}

  /**
   * Opens the registry of that URI for one node. Providers are looked for with the thread's context
   * class loader, then beside liblink itself; the first of a scheme wins.
   *
   * @param uri {@code scheme:rest}, such as {@code local:} or {@code static:10.0.0.1:7400}
   * @throws IllegalArgumentException when there is no such scheme, or the provider refuses the rest;
   *     the message says what is right
   */
  public static Registry open(String uri, RegistryProvider.Context context) {
    String text = uri.trim();
    int colon = text.indexOf(':');
    String scheme = text.substring(0, Math.max(0, colon));
    Set<String> present = new TreeSet<>();
    List<String> broken = new ArrayList<>();
    RegistryProvider provider =
        find(scheme, Thread.currentThread().getContextClassLoader(), present, broken);
    if (provider == null) {
      provider = find(scheme, Registries.class.getClassLoader(), present, broken);
    }
    if (provider == null && scheme.isEmpty()) {
      throw new IllegalArgumentException("'"
          + uri
          + "' is not a registry: write local: for this machine, static:host:port,host:port, or"
          + " another of "
          + String.join(":, ", present)
          + ":");
    }
    if (provider == null) {
      throw new IllegalArgumentException("'"
          + uri
          + "': there is no registry of scheme '"
          + scheme
          + "'. Present: "
          + String.join(", ", present)
          + ". Others come with a jar of their own beside liblink, such as liblink-"
          + scheme
          + (broken.isEmpty() ? "" : ". Could not be loaded: " + String.join("; ", broken)));
    }
    return provider.open(text, context);
  }

  private static @Nullable RegistryProvider find(
      String scheme, @Nullable ClassLoader loader, Set<String> present, List<String> broken) {
    Iterator<RegistryProvider> all =
        ServiceLoader.load(RegistryProvider.class, loader).iterator();
    // A provider that does not load must not take the others with it; the loop is bounded because
    // a broken configuration file is reported once per line.
    while (broken.size() < 16) {
      try {
        if (!all.hasNext()) {
          return null;
        }
        RegistryProvider provider = all.next();
        present.add(provider.scheme());
        if (provider.scheme().equals(scheme)) {
          return provider;
        }
      } catch (ServiceConfigurationError e) {
        broken.add(String.valueOf(e.getMessage()));
      }
    }
    return null;
  }
}
