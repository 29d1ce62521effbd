package io.liblink.registry.consul;

import io.liblink.registry.Filter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Consul's servers are asked to leave out of their answers: instances of other clusters always, and
 * those that nobody here uses when that is worth it and can be said in Consul's language.
 *
 * @param parameter the filter, encoded for a URL
 * @param onlyFor the selectors that make instances stay in, in their canonical form; empty when all do
 */
record Cut(String parameter, List<String> onlyFor) {
  /** Longer filters are not sent: URLs are bounded. */
  private static final int LONGEST = 4096;

  private static final Filter.Keys KEYS = new Filter.Keys() {
    @Override
    public @Nullable String metadata(String key) {
      return key.startsWith(Meta.OWN) ? null : meta(key);
    }

    @Override
    public @Nullable String attribute(String name) {
      return switch (name) {
        case "node" -> meta(Meta.NODE);
        case "id" -> meta(Meta.ID);
        case "version" -> meta(Meta.VERSION);
        default -> null;
      };
    }
  };

  static Cut none(String cluster) {
    return with(own(cluster), List.of());
  }

  /** None when one of the filters has no equal in Consul's language. */
  static Cut of(String cluster, List<Filter> anyOf) {
    List<String> any = new ArrayList<>();
    for (Filter filter : anyOf) {
      String written = filter.written(KEYS);
      if (written == null) {
        return none(cluster);
      }
      any.add("(" + written + ")");
    }
    if (any.isEmpty()) {
      return none(cluster);
    }
    // Metadata that does not fit Consul's rules is packed: of that Consul can't tell.
    any.add("\"" + Meta.PACKED + "\" in Service.Meta");
    String wanted = own(cluster) + " and (" + String.join(" or ", any) + ")";
    return wanted.length() > LONGEST
        ? none(cluster)
        : with(wanted, anyOf.stream().map(Filter::toString).toList());
  }

  /** What was not announced by liblink stays in: it is said of it that it is skipped. */
  private static Cut with(String wanted, List<String> onlyFor) {
    String filter = "(" + wanted + ") or \"" + Meta.CLUSTER + "\" not in Service.Meta";
    return new Cut(URLEncoder.encode(filter, StandardCharsets.UTF_8), onlyFor);
  }

  private static String own(String cluster) {
    return meta(Meta.CLUSTER) + " == \"" + cluster + "\"";
  }

  private static String meta(String key) {
    return "Service.Meta[\"" + key + "\"]";
  }
}
