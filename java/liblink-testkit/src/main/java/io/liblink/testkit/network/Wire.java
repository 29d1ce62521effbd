package io.liblink.testkit.network;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection between two nodes, through the middle. Belongs to the network's thread. */
final class Wire {
  private final Gate gate;
  private final SocketChannel dialer;
  private final SocketChannel acceptor;
  private final Flow there;
  private final Flow back;
  private SelectionKey dialerKey;
  private SelectionKey acceptorKey;
  private boolean connected;

  Wire(Gate gate, SocketChannel dialer, Selector selector) throws IOException {
    this.gate = gate;
    this.dialer = dialer;
    this.acceptor = SocketChannel.open();
    this.there = new Flow(dialer, acceptor);
    this.back = new Flow(acceptor, dialer);
    try {
      for (SocketChannel end : new SocketChannel[] {dialer, acceptor}) {
        end.setOption(StandardSocketOptions.TCP_NODELAY, true);
        end.configureBlocking(false);
      }
      this.dialerKey = dialer.register(selector, 0, this);
      this.connected = acceptor.connect(gate.target());
      this.acceptorKey = acceptor.register(selector, 0, this);
    } catch (IOException e) {
      reset();
      throw e;
    }
  }

  Gate gate() {
    return gate;
  }

  boolean isOpen() {
    return dialer.isOpen();
  }

  /** Moves what can be moved; returns the nanoseconds until more can be, without a socket's doing. */
  long turn(ByteBuffer scratch, long now) {
    try {
      if (!connected) {
        connected = acceptor.finishConnect();
      }
      long next = Long.MAX_VALUE;
      Conditions conditions = gate.conditions();
      if (connected && !conditions.stalled()) {
        if (dialerKey.isReadable() && there.wantsToRead()) {
          there.read(scratch, now);
        }
        if (acceptorKey.isReadable() && back.wantsToRead()) {
          back.read(scratch, now);
        }
        long delay = conditions.delayNanos();
        next = Math.min(there.write(now, delay), back.write(now, delay));
        if (there.isOver() && back.isOver()) {
          close();
          return Long.MAX_VALUE;
        }
      }
      listen(conditions.stalled());
      return next;
    } catch (IOException e) {
      reset();
      return Long.MAX_VALUE;
    }
  }

  private void listen(boolean stalled) {
    if (!connected) {
      acceptorKey.interestOps(SelectionKey.OP_CONNECT);
    } else if (stalled) {
      dialerKey.interestOps(0);
      acceptorKey.interestOps(0);
    } else {
      dialerKey.interestOps(ops(there.wantsToRead(), back.wantsToWrite()));
      acceptorKey.interestOps(ops(back.wantsToRead(), there.wantsToWrite()));
    }
  }

  private static int ops(boolean read, boolean write) {
    return (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
  }

  /** Breaks both ends at once. */
  void reset() {
    for (SocketChannel end : new SocketChannel[] {dialer, acceptor}) {
      try {
        end.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException | UnsupportedOperationException e) {
        // It is closed already, or never was connected: nothing to reset.
      }
    }
    close();
  }

  private void close() {
    Network.closeQuietly(dialer);
    Network.closeQuietly(acceptor);
  }
}
