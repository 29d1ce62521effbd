package io.liblink.message;

import java.util.regex.Pattern;

/**
 * The grammar of names, the same in every language ({@code spec/protocol.md}). Each check returns
 * its argument or throws {@link IllegalArgumentException} with the rule that was broken.
 */
public final class Names {
  /** The longest service name: a DNS label, so that it works in Consul and DNS. */
  public static final int MAX_SERVICE = 63;

  /** The longest endpoint name. */
  public static final int MAX_ENDPOINT = 128;

  private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final Pattern CLUSTER = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private Names() {}

  /** A service: {@code [a-z0-9]([a-z0-9-]*[a-z0-9])?}, at most 63. */
  public static String service(String name) {
    if (name.length() > MAX_SERVICE || !SERVICE.matcher(name).matches()) {
      throw new IllegalArgumentException("'"
          + name
          + "' is not a service name: lower-case letters, digits and inner dashes, at most 63");
    }
    return name;
  }

  /** An endpoint: dot-separated {@code [A-Za-z0-9_-]+}, at most 128. */
  public static String endpoint(String name) {
    if (name.length() > MAX_ENDPOINT || !ENDPOINT.matcher(name).matches()) {
      throw new IllegalArgumentException("'"
          + name
          + "' is not an endpoint name: letters, digits, _ and -, parts separated by single"
          + " dots, at most 128");
    }
    return name;
  }

  /** A cluster: {@code [a-z0-9][a-z0-9.-]{0,62}}. */
  public static String cluster(String name) {
    if (!CLUSTER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is not a cluster name: lower-case letters, digits, . and -, at most 63");
    }
    return name;
  }

  /** A node: {@code [A-Za-z0-9][A-Za-z0-9._-]{0,62}}. */
  public static String node(String name) {
    if (!NODE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is not a node name: letters, digits, . _ and -, at most 63");
    }
    return name;
  }

  /** A metadata key: {@code [A-Za-z0-9_-]}, 1 to 128, as Consul allows. */
  public static String metaKey(String key) {
    if (!META_KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "'" + key + "' is not a metadata key: letters, digits, _ and -, at most 128");
    }
    return key;
  }
}
