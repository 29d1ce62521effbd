package io.liblink.message;

import java.net.InetSocketAddress;

/**
 * Where a node listens: a host name or an IP address (IPv6 without brackets), and a port from 0 to
 * 65535. Written {@code host:port}, {@code [::1]:port} for IPv6. A value: nothing is resolved.
 *
 * @param host name, IPv4 or IPv6 address, never empty
 * @param port 0 to 65535
 */
public record Address(String host, int port) {
  /** Checks host and port. */
  public Address {
    if (host.isEmpty() || host.indexOf(' ') >= 0 || host.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + host + "' is not a host name or IP address");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
  }

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException says what is wrong with the text
   */
  public static Address parse(String text) {
    String t = text.trim();
    int colon = t.lastIndexOf(':');
    if (colon <= 0 || colon == t.length() - 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address: write host:port, or [ipv6]:port");
    }
    String host = t.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' has an IPv6 address without brackets: write [" + host + "]:port");
    }
    try {
      return new Address(host, Integer.parseInt(t.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "': the port is not a number", e);
    }
  }

  /** The same host with another port. */
  public Address withPort(int port) {
    return new Address(host, port);
  }

  /** For the socket API; a host name is resolved here, which may block. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
