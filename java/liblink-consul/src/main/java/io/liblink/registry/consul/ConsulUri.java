package io.liblink.registry.consul;

import io.liblink.message.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code consul://host:port?dc=…}, and the variables that Consul's own command knows. What is
 * in the URI goes before the environment. Nothing that might be a secret is ever quoted.
 */
final class ConsulUri {
  private static final String FORM = "consul://host:8500, or consuls://host:8501 for HTTPS";
  private static final Set<String> KNOWN =
      Set.of("token-file", "dc", "ca-file", "cert-file", "key-file", "ttl");
  /** A user before the host, or a parameter that could be a token. */
  private static final Pattern SECRET =
      Pattern.compile("^[^?]*@|[?&][^=&]*(token|secret|password)=", Pattern.CASE_INSENSITIVE);

  private static final Pattern DATACENTER = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Duration LEAST_TTL = Duration.ofSeconds(1);
  private static final Duration MOST_TTL = Duration.ofHours(1);

  private final String uri;
  private final UnaryOperator<String> env;
  private final Map<String, String> query;
  private final boolean secure;
  private final String authority;

  /**
   * Takes the text apart.
   *
   * @param env the value of a variable, empty when it is not set
   */
  private ConsulUri(String uri, UnaryOperator<String> env) {
    this.uri = uri;
    this.env = env;
    int colon = uri.indexOf(':');
    String rest = uri.substring(colon + 1);
    int mark = rest.indexOf('?');
    this.query = query(mark < 0 ? "" : rest.substring(mark + 1));
    String place = mark < 0 ? rest : rest.substring(0, mark);
    if (!place.isEmpty() && !place.startsWith("//")) {
      throw wrong("write " + FORM);
    }
    place = place.isEmpty() ? "" : place.substring(2);
    String named = place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
    String own = uri.substring(0, colon).equals("consuls") ? "https" : "http";
    String variable = named.isEmpty() ? env.apply("CONSUL_HTTP_ADDR") : "";
    int scheme = variable.indexOf("://");
    if (scheme >= 0) {
      own = variable.substring(0, scheme);
      variable = variable.substring(scheme + 3);
      if (!own.equals("http") && !own.equals("https")) {
        throw new IllegalArgumentException("CONSUL_HTTP_ADDR has the scheme '" + own
            + "', and only http and https are supported: write the address into the registry URI, "
            + FORM);
      }
    } else if (named.isEmpty() && env.apply("CONSUL_HTTP_SSL").matches("(?i)true|1|t")) {
      own = "https";
    }
    this.secure = own.equals("https") || uri.startsWith("consuls:");
    this.authority = named.isEmpty() ? variable : named;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException says what is right
   */
  static Settings parse(String uri, UnaryOperator<String> env) {
    if (SECRET.matcher(uri).find()) {
      throw new IllegalArgumentException(
          "a registry URI must not hold a user or a token, because it"
              + " is shown in logs and listings: use ?token-file=, CONSUL_HTTP_TOKEN_FILE or"
              + " CONSUL_HTTP_TOKEN");
    }
    return new ConsulUri(uri, env).settings();
  }

  private Settings settings() {
    Path tokenFile = path("token-file", "CONSUL_HTTP_TOKEN_FILE");
    Path certFile = path("cert-file", "CONSUL_CLIENT_CERT");
    Path keyFile = path("key-file", "CONSUL_CLIENT_KEY");
    Path caFile = path("ca-file", "CONSUL_CACERT");
    if ((certFile == null) != (keyFile == null)) {
      throw wrong("a client certificate needs both, cert-file and key-file");
    }
    if (!secure && (query.containsKey("ca-file") || query.containsKey("cert-file"))) {
      throw wrong("certificates are for HTTPS: write consuls://");
    }
    return new Settings(
        uri,
        secure,
        agent(),
        tokenFile,
        tokenFile == null ? env.apply("CONSUL_HTTP_TOKEN").trim() : "",
        datacenters(),
        secure ? caFile : null,
        secure ? certFile : null,
        secure ? keyFile : null,
        ttl());
  }

  private Address agent() {
    int port = secure ? 8501 : 8500;
    if (authority.isEmpty()) {
      return new Address("127.0.0.1", port);
    }
    try {
      boolean bare = authority.startsWith("[") ? authority.endsWith("]") : !authority.contains(":");
      Address address = Address.parse(bare ? authority + ":" + port : authority);
      if (address.port() > 0) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage() + ": write " + FORM);
    }
    throw wrong("nobody answers at port 0");
  }

  private List<List<String>> datacenters() {
    List<List<String>> ranks = new ArrayList<>();
    String text = query.get("dc");
    if (text == null) {
      return ranks;
    }
    Set<String> seen = new HashSet<>();
    for (String rank : text.split(",", -1)) {
      List<String> together = List.of(rank.split("\\+", -1));
      for (String datacenter : together) {
        if (!DATACENTER.matcher(datacenter).matches() || !seen.add(datacenter)) {
          throw wrong("dc takes names of datacenters, each once, the preferred first: dc=eu,us;"
              + " those of one rank with a plus: dc=eu1+eu2,us");
        }
      }
      ranks.add(together);
    }
    return ranks;
  }

  private Duration ttl() {
    String text = query.get("ttl");
    if (text == null) {
      return Settings.TTL;
    }
    Matcher m = DURATION.matcher(text);
    if (m.matches()) {
      long number = Long.parseLong(m.group(1));
      Duration ttl = switch (m.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
      if (ttl.compareTo(LEAST_TTL) >= 0 && ttl.compareTo(MOST_TTL) <= 0) {
        return ttl;
      }
    }
    throw wrong("ttl takes 1s to 1h, such as ttl=10s");
  }

  private @Nullable Path path(String parameter, String variable) {
    String text = query.getOrDefault(parameter, env.apply(variable));
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong(parameter + " is not a path: " + e.getReason());
    }
  }

  private Map<String, String> query(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return pairs;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (equals <= 0 || equals == pair.length() - 1 || !KNOWN.contains(key)) {
        throw wrong("it takes parameters like ?dc=eu&token-file=/etc/consul/token, of these: "
            + String.join(", ", KNOWN.stream().sorted().toList()));
      }
      if (pairs.put(key, decoded(key, pair.substring(equals + 1))) != null) {
        throw wrong(key + " is there twice");
      }
    }
    return pairs;
  }

  private String decoded(String key, String value) {
    try {
      // A plus stands for itself, as anywhere in a URI but in forms.
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(key + " has a % without two hexadecimal digits");
    }
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("'" + uri + "': " + why);
  }
}
