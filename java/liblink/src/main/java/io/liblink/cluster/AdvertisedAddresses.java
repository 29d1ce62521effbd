package io.liblink.cluster;

import io.liblink.message.Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which addresses a node tells others to dial: the ones it was told to, else the one it is bound to,
 * else, bound to all, those of the network interfaces.
 */
public final class AdvertisedAddresses {
  /** Addresses of interfaces announced at most: a peer tries one after the other. */
  static final int MAX = 16;

  /** Where the addresses of this machine come from. */
  @FunctionalInterface
  interface Interfaces {
    /** The addresses of all interfaces that are up. */
    List<InetAddress> up() throws SocketException;
  }

  private AdvertisedAddresses() {}

  /**
   * The addresses to announce, in order of preference, never empty.
   *
   * @param bound what the listener is bound to, resolved, with its real port
   * @param advertise what the user wants announced, each {@code host} or {@code host:port}, IPv6 with
   *     or without brackets (with them where a port follows); the port defaults to the bound one
   * @throws IllegalArgumentException when one of those is no address that others could dial
   */
  public static List<Address> of(InetSocketAddress bound, List<String> advertise) {
    return of(bound, advertise, AdvertisedAddresses::upInterfaces);
  }

  static List<Address> of(InetSocketAddress bound, List<String> advertise, Interfaces interfaces) {
    if (!advertise.isEmpty()) {
      Set<Address> explicit = new LinkedHashSet<>();
      for (String text : advertise) {
        explicit.add(parse(text, bound.getPort()));
      }
      return List.copyOf(explicit);
    }
    InetAddress address = bound.getAddress();
    if (address == null) {
      return List.of(new Address(bound.getHostString(), bound.getPort()));
    }
    if (!address.isAnyLocalAddress()) {
      return List.of(new Address(text(address), bound.getPort()));
    }
    return ofInterfaces(address instanceof Inet4Address, bound.getPort(), interfaces);
  }

  /** A listener on the IPv4 wildcard takes no IPv6; one on the IPv6 wildcard takes both. */
  private static List<Address> ofInterfaces(boolean onlyIpv4, int port, Interfaces interfaces) {
    List<InetAddress> found;
    try {
      found = new ArrayList<>(interfaces.up());
    } catch (SocketException e) {
      found = new ArrayList<>();
    }
    found.removeIf(a -> a.isLinkLocalAddress()
        || a.isMulticastAddress()
        || a.isAnyLocalAddress()
        || (onlyIpv4 && !(a instanceof Inet4Address)));
    found.sort(Comparator.comparing(InetAddress::isLoopbackAddress)
        .thenComparing(a -> !(a instanceof Inet4Address)));
    Set<Address> addresses = new LinkedHashSet<>();
    for (InetAddress a : found) {
      if (addresses.size() < MAX) {
        addresses.add(new Address(text(a), port));
      }
    }
    return addresses.isEmpty() ? List.of(new Address("127.0.0.1", port)) : List.copyOf(addresses);
  }

  private static List<InetAddress> upInterfaces() throws SocketException {
    List<InetAddress> list = new ArrayList<>();
    for (NetworkInterface i : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (i.isUp()) {
        list.addAll(Collections.list(i.getInetAddresses()));
      }
    }
    return list;
  }

  private static Address parse(String given, int port) {
    String text = given.trim();
    Address address;
    try {
      if (text.startsWith("[") && text.endsWith("]")) {
        address = new Address(text.substring(1, text.length() - 1), port);
      } else if (text.indexOf(':') < 0 || text.indexOf(':') != text.lastIndexOf(':')) {
        address = text.startsWith("[") ? Address.parse(text) : new Address(text, port);
      } else {
        address = Address.parse(text);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "can't advertise '" + given + "': write host, host:port or [ipv6]:port", e);
    }
    return checked(address, given);
  }

  private static Address checked(Address address, String given) {
    String host = address.host();
    if (address.port() == 0) {
      throw new IllegalArgumentException("can't advertise '" + given + "': nobody can dial port 0");
    }
    boolean ipv6 = host.indexOf(':') >= 0;
    if (host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
      throw new IllegalArgumentException(
          "can't advertise '" + given + "': write host, host:port or [ipv6]:port");
    }
    if (!ipv6 && !host.equals("0.0.0.0")) {
      return address;
    }
    InetAddress literal;
    try {
      literal = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "can't advertise '" + given + "': '" + host + "' is not an IPv6 address", e);
    }
    if (literal.isAnyLocalAddress()) {
      throw new IllegalArgumentException("can't advertise '"
          + given
          + "': it means every address of this machine, and others need one that they can dial");
    }
    return address;
  }

  /**
   * The text of an address as people write it: IPv6 without its zone and with the longest run of
   * zeros left out, as RFC 5952 (section 4) has it.
   */
  static String text(InetAddress address) {
    byte[] b = address.getAddress();
    if (b.length == 4) {
      return address.getHostAddress();
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (b[2 * i] & 0xff) << 8 | (b[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && groups[j] == 0) {
        j++;
      }
      if (j - i > length) {
        start = i;
        length = j - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        text.append(i == 0 || i == start + length ? "" : ":")
            .append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
