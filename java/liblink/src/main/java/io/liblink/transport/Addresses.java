package io.liblink.transport;

import io.liblink.message.Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Socket addresses as liblink writes them. */
final class Addresses {
  private Addresses() {}

  static Address of(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      int zone = host.indexOf('%');
      return new Address(zone < 0 ? host : host.substring(0, zone), inet.getPort());
    }
    throw new IllegalArgumentException("not an internet address: " + address);
  }

  static String text(@Nullable SocketAddress address) {
    return address == null ? "unknown" : of(address).toString();
  }
}
