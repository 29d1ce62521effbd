package io.liblink.registry.dns;

import io.liblink.message.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which names are asked for, and of whom: {@code dns:NAME}, {@code dns://server:53,server/NAME}, both
 * with {@code ?every=5s}. The name is
 *
 * <ul>
 *   <li>a domain, {@code example.org}: SRV records of {@code _pricing._tcp.example.org};
 *   <li>a name with {@code {service}} in it, {@code _liblink._tcp.{service}.example.org}: its SRV
 *       records;
 *   <li>either of that with a port, {@code {service}.example.org:7400}: its addresses, at that port.
 * </ul>
 *
 * @param uri as it was written
 * @param servers the DNS servers to ask; none for those of the machine
 * @param name with {@code {service}} where the service goes, or without it for a name with a port
 * @param port 0 for SRV records
 * @param every how long to wait between two lookups of a name
 */
record DnsUri(String uri, List<Address> servers, String name, int port, Duration every) {
  static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(1);
  private static final int DNS_PORT = 53;
  private static final int MOST_SERVERS = 8;
  private static final String SERVICE = "{service}";
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");
  private static final Pattern DURATION = Pattern.compile("every=([0-9]{1,6})(ms|s|m|h)");
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;
  private static final String FORM =
      "write dns:example.org, dns:_liblink._tcp.{service}.example.org"
          + " or dns:{service}.example.org:7400, with dns://server:53/ before the name to ask certain"
          + " servers";

  DnsUri {
    servers = List.copyOf(servers);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException saying what is wrong and what is right
   */
  static DnsUri parse(String uri) {
    String rest = uri.substring("dns:".length());
    int question = rest.indexOf('?');
    Duration every = question < 0 ? EVERY : every(uri, rest.substring(question + 1));
    rest = question < 0 ? rest : rest.substring(0, question);
    List<Address> servers = List.of();
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      if (slash < 0) {
        throw wrong(uri, "names servers and nothing to ask them for");
      }
      servers = servers(uri, rest.substring(2, slash));
      rest = rest.substring(slash + 1);
    }
    int port = 0;
    int colon = rest.lastIndexOf(':');
    if (colon >= 0) {
      port = port(uri, rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    String name = rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
    if (name.indexOf(SERVICE) != name.lastIndexOf(SERVICE)
        || !NAME.matcher(name.replace(SERVICE, "s")).matches()
        || name.length() > LONGEST_NAME) {
      throw wrong(uri, "has no name of DNS in it");
    }
    if (port == 0 && !name.contains(SERVICE)) {
      name = "_" + SERVICE + "._tcp." + name;
    }
    return new DnsUri(uri, servers, name, port, every);
  }

  private static List<Address> servers(String uri, String authority) {
    List<Address> servers = new ArrayList<>();
    if (authority.isEmpty()) {
      return servers; // dns:///name: those of the machine
    }
    for (String text : authority.split(",", -1)) {
      boolean bare = text.startsWith("[") ? text.endsWith("]") : text.indexOf(':') < 0;
      try {
        Address server = Address.parse(bare ? text + ":" + DNS_PORT : text);
        if (server.port() == 0) {
          throw wrong(uri, "has a server at port 0, where nobody answers");
        }
        servers.add(server);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("'" + uri + "': " + e.getMessage(), e);
      }
    }
    if (servers.size() > MOST_SERVERS) {
      throw wrong(uri, "has more than " + MOST_SERVERS + " servers");
    }
    return servers;
  }

  private static int port(String uri, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65535 && text.charAt(0) != '+') {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(uri, "has a port that is none, '" + text + "'");
  }

  private static Duration every(String uri, String query) {
    Matcher m = DURATION.matcher(query);
    if (m.matches()) {
      long n = Long.parseLong(m.group(1));
      Duration every = switch (m.group(2)) {
        case "ms" -> Duration.ofMillis(n);
        case "s" -> Duration.ofSeconds(n);
        case "m" -> Duration.ofMinutes(n);
        default -> Duration.ofHours(n);
      };
      if (every.compareTo(LEAST) >= 0 && every.compareTo(MOST) <= 0) {
        return every;
      }
    }
    throw new IllegalArgumentException(
        "'" + uri + "': the one option of dns: is every=, from 1s to 1h, such as ?every=5s");
  }

  private static IllegalArgumentException wrong(String uri, String what) {
    return new IllegalArgumentException("'" + uri + "' " + what + ": " + FORM);
  }

  /** Whether SRV records are asked for, and not addresses. */
  boolean isSrv() {
    return port == 0;
  }

  /**
   * The name to look up for a service.
   *
   * @throws DnsException when it would be none, because the service's is too long
   */
  String nameOf(String service) throws DnsException {
    String full = name.replace(SERVICE, service);
    for (String label : full.split("\\.", -1)) {
      if (label.length() > LONGEST_LABEL) {
        throw new DnsException("'" + label + "' is too long for DNS, which takes "
            + LONGEST_LABEL
            + " characters between two dots");
      }
    }
    if (full.length() > LONGEST_NAME) {
      throw new DnsException("'" + full + "' is too long for DNS");
    }
    return full;
  }
}
