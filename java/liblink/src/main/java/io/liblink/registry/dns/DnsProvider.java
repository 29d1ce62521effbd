package io.liblink.registry.dns;

import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import java.util.SplittableRandom;

/** Makes registries of {@code dns:example.org}; see {@link DnsUri}. */
public final class DnsProvider implements RegistryProvider {
  /** For {@link java.util.ServiceLoader}. */
  public DnsProvider() {}

  @Override
  public String scheme() {
    return "dns";
  }

  @Override
  public Registry open(String uri, Context context) {
    DnsUri parsed = DnsUri.parse(uri);
    SplittableRandom random = new SplittableRandom(context.id().low());
    DnsRegistry registry =
        new DnsRegistry(parsed, new JndiResolver(parsed.servers()), context, random::nextDouble);
    registry.start();
    return registry;
  }
}
