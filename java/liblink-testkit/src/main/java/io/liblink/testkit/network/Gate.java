package io.liblink.testkit.network;

import io.liblink.message.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/** Where one node dials another: an address of the network's own, for each pair of nodes. */
final class Gate {
  private final String from;
  private final String to;
  private final InetSocketAddress target;
  private final ServerSocketChannel server;
  private final Address address;
  private final AtomicLong dials;
  private volatile Conditions conditions;

  Gate(String from, String to, Address target, Conditions conditions, AtomicLong dials)
      throws IOException {
    this.dials = dials;
    this.from = from;
    this.to = to;
    this.target = target.resolve();
    this.conditions = conditions;
    this.server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 256);
    server.configureBlocking(false);
    InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
    this.address = new Address("127.0.0.1", bound.getPort());
  }

  String from() {
    return from;
  }

  String to() {
    return to;
  }

  InetSocketAddress target() {
    return target;
  }

  Address address() {
    return address;
  }

  Conditions conditions() {
    return conditions;
  }

  void conditions(Conditions now) {
    conditions = now;
  }

  void register(Selector selector) throws IOException {
    server.register(selector, SelectionKey.OP_ACCEPT, this);
  }

  /** The next connection, or null when there is none; refused ones are reset and passed over. */
  @org.jspecify.annotations.Nullable
  SocketChannel accept() throws IOException {
    for (SocketChannel c = server.accept(); c != null; c = server.accept()) {
      dials.incrementAndGet();
      if (!conditions.refused()) {
        return c;
      }
      c.setOption(StandardSocketOptions.SO_LINGER, 0);
      c.close();
    }
    return null;
  }

  void close() {
    Network.closeQuietly(server);
  }
}
