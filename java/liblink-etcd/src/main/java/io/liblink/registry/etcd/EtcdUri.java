package io.liblink.registry.etcd;

import io.liblink.message.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code etcd://host:2379,host:2379/prefix?option=value&…} and the environment. */
final class EtcdUri {
  private static final int PORT = 2379;
  private static final int MOST_MEMBERS = 32;
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._-]{1,64}){1,8}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
  private static final Set<String> OPTIONS =
      new LinkedHashSet<>(List.of("ttl", "user", "password-file", "ca", "cert", "key"));
  private static final Set<String> TLS_ONLY = Set.of("ca", "cert", "key");
  private static final String FORM =
      "write etcd://host:2379,host:2379/prefix?ttl=10s, or etcds:// for TLS";

  private EtcdUri() {}

  /**
   * Reads it.
   *
   * @param environment has {@code LIBLINK_ETCD_USER}, {@code LIBLINK_ETCD_PASSWORD}, {@code
   *     LIBLINK_ETCD_PASSWORD_FILE}, each of which the URI goes before
   * @throws IllegalArgumentException saying what is wrong and what is right; never with a password
   */
  static Settings parse(String uri, Map<String, String> environment) {
    boolean tls = uri.startsWith("etcds:");
    String rest = uri.substring(uri.indexOf(':') + 1);
    if (!rest.startsWith("//")) {
      throw new IllegalArgumentException("'" + safe(uri) + "' has no host: " + FORM);
    }
    rest = rest.substring(2);
    String query = after(rest, '?');
    rest = before(rest, '?');
    String authority = before(rest, '/');
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("the URI of an etcd has a user before its host. A URI is"
          + " shown in logs, so passwords are not in it: write ?user=NAME and set"
          + " LIBLINK_ETCD_PASSWORD, or ?user=NAME&password-file=/path");
    }
    Map<String, String> options = options(uri, query, tls);
    Path certificate = path(options, "cert");
    Path key = path(options, "key");
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "'" + uri + "': cert= and key= belong together, and one is missing");
    }
    Path passwordFile = path(options, "password-file");
    String password = environment.getOrDefault("LIBLINK_ETCD_PASSWORD", "");
    String fileOfEnvironment = environment.getOrDefault("LIBLINK_ETCD_PASSWORD_FILE", "");
    if (passwordFile == null && !fileOfEnvironment.isEmpty()) {
      passwordFile = Path.of(fileOfEnvironment);
    }
    String user = options.getOrDefault("user", environment.getOrDefault("LIBLINK_ETCD_USER", ""));
    if (!user.isEmpty() && password.isEmpty() && passwordFile == null) {
      throw new IllegalArgumentException("'"
          + uri
          + "' is to be used as user '"
          + user
          + "', whose password is not known: set LIBLINK_ETCD_PASSWORD, LIBLINK_ETCD_PASSWORD_FILE,"
          + " or password-file= in the URI");
    }
    return new Settings(
        uri,
        members(uri, authority),
        tls,
        prefix(uri, after(rest, '/')),
        ttl(uri, options.get("ttl")),
        user,
        passwordFile == null && !password.isEmpty() ? password : null,
        passwordFile,
        path(options, "ca"),
        certificate,
        key);
  }

  private static List<Address> members(String uri, String authority) {
    Set<Address> members = new LinkedHashSet<>();
    for (String part : authority.split(",", -1)) {
      String text = part.trim();
      if (text.isEmpty()) {
        throw new IllegalArgumentException("'" + uri + "' has an empty host: " + FORM);
      }
      boolean bare = text.startsWith("[") ? text.endsWith("]") : text.indexOf(':') < 0;
      Address address;
      try {
        address = Address.parse(bare ? text + ":" + PORT : text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("'" + uri + "': " + e.getMessage(), e);
      }
      if (address.port() == 0) {
        throw new IllegalArgumentException("'" + uri + "': nobody answers at port 0");
      }
      members.add(address);
    }
    if (members.size() > MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "'" + uri + "' has more than " + MOST_MEMBERS + " hosts: some of the members are enough");
    }
    return List.copyOf(members);
  }

  private static String prefix(String uri, String path) {
    String text = path;
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      return "/liblink";
    }
    if (!PREFIX.matcher("/" + text).matches()) {
      throw new IllegalArgumentException("'"
          + uri
          + "': the prefix of the keys is not one: up to 8 parts of letters, digits, . _ and -"
          + " with slashes between them");
    }
    return "/" + text;
  }

  private static Map<String, String> options(String uri, String query, boolean tls) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String name = before(pair, '=');
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException(
            "'" + safe(uri) + "': '" + safeName(name) + "' is no option of etcd:. There are "
                + String.join(", ", OPTIONS)
                + (name.startsWith("pass") ? "; a password never stands in a URI" : ""));
      }
      if (!tls && TLS_ONLY.contains(name)) {
        throw new IllegalArgumentException(
            "'" + uri + "': " + name + "= is for TLS: begin with etcds://");
      }
      String value = decoded(uri, after(pair, '='));
      if (value.isEmpty() || options.put(name, value) != null) {
        throw new IllegalArgumentException("'" + uri + "': " + name + "= wants one value");
      }
    }
    return options;
  }

  private static String decoded(String uri, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + uri + "': '" + text + "' has a % that two hexadecimal digits must follow", e);
    }
  }

  private static @Nullable Path path(Map<String, String> options, String name) {
    String value = options.get(name);
    try {
      return value == null ? null : Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(name + "=" + value + " is no path", e);
    }
  }

  private static Duration ttl(String uri, @Nullable String text) {
    if (text == null) {
      return Rules.TTL;
    }
    Matcher m = DURATION.matcher(text);
    Duration ttl = Duration.ZERO;
    if (m.matches()) {
      long n = Long.parseLong(m.group(1));
      ttl = switch (m.group(2)) {
        case "ms" -> Duration.ofMillis(n);
        case "s" -> Duration.ofSeconds(n);
        case "m" -> Duration.ofMinutes(n);
        default -> Duration.ofHours(n);
      };
    }
    if (ttl.compareTo(Rules.LEAST_TTL) < 0
        || ttl.compareTo(Rules.MOST_TTL) > 0
        || ttl.toMillis() % 1000 != 0) {
      throw new IllegalArgumentException(
          "'" + uri + "': ttl= wants whole seconds from 2s to 1h, such as 10s");
    }
    return ttl;
  }

  /** Without what may hold a secret by mistake. */
  private static String safe(String uri) {
    String text = before(uri, '?');
    return text.indexOf('@') < 0 ? text : "etcd://…";
  }

  private static String safeName(String name) {
    return name.length() > 20 ? name.substring(0, 20) + "…" : name;
  }

  private static String before(String text, char c) {
    int at = text.indexOf(c);
    return at < 0 ? text : text.substring(0, at);
  }

  private static String after(String text, char c) {
    int at = text.indexOf(c);
    return at < 0 ? "" : text.substring(at + 1);
  }
}
