package io.liblink.registry.fixed;

import io.liblink.message.Address;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes registries of {@code static:host:port,host:port}. */
public final class FixedProvider implements RegistryProvider {
  /** Addresses in one list, at most: each costs a link to look at. */
  static final int MAX_ADDRESSES = 1000;

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** For {@link java.util.ServiceLoader}. */
  public FixedProvider() {}

  @Override
  public String scheme() {
    return "static";
  }

  @Override
  public Registry open(String uri, Context context) {
    List<Address> addresses = addresses(uri);
    SplittableRandom random = new SplittableRandom(context.id().low());
    FixedRegistry registry =
        new FixedRegistry(uri, addresses, context, INTERVAL, random::nextDouble);
    registry.start();
    return registry;
  }

  static List<Address> addresses(String uri) {
    Set<Address> addresses = new LinkedHashSet<>();
    for (String part : uri.substring("static:".length()).split(",", -1)) {
      String text = part.trim();
      if (text.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + uri + "' has an empty address: write static:host:port,host:port");
      }
      Address address;
      try {
        address = Address.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("'" + uri + "': " + e.getMessage(), e);
      }
      if (address.port() == 0) {
        throw new IllegalArgumentException(
            "'" + uri + "': nobody answers at port 0: write the port that " + text + " listens at");
      }
      addresses.add(address);
    }
    if (addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException("a static: list of "
          + addresses.size()
          + " addresses is too long: at most "
          + MAX_ADDRESSES
          + "; use a registry with a server");
    }
    return new ArrayList<>(addresses);
  }
}
