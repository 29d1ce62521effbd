package io.liblink.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Sockets of JeroMQ with CURVE. A client proves nothing but that it knows the server's key: there is
 * no ZAP handler, which saves handshakes. A socket belongs to one thread.
 *
 * <p>What waits to be sent is bounded by the default of 1,000 messages, what was received is not: at
 * the bound of the receiver JeroMQ 0.6 hands over messages that it did not decrypt. Since decrypting
 * takes far longer than handling here, senders wait for their sockets before much is received and
 * not handled. One I/O thread, the default: with two a connection sometimes never carries anything,
 * and the rate was the same.
 */
final class Jeromq {
  private static final int UNBOUNDED = 0;

  private final ZContext context;
  private final ZMQ.Curve.KeyPair keys;
  private final byte[] serverKey;

  private Jeromq(ZMQ.Curve.KeyPair keys, String serverKey) {
    context = new ZContext();
    context.getContext().setMaxSockets(4096);
    this.keys = keys;
    this.serverKey = ZMQ.Curve.z85Decode(serverKey);
  }

  /** The side that binds: makes the key that the others must know. */
  static Jeromq server(Secrets secrets) throws IOException {
    ZMQ.Curve.KeyPair keys = ZMQ.Curve.generateKeyPair();
    Files.writeString(serverKey(secrets), keys.publicKey);
    return new Jeromq(keys, keys.publicKey);
  }

  /** The side that connects. */
  static Jeromq client(Secrets secrets) throws IOException {
    return new Jeromq(ZMQ.Curve.generateKeyPair(), Files.readString(serverKey(secrets)));
  }

  private static Path serverKey(Secrets secrets) {
    return secrets.directory().resolve("curve-server.key");
  }

  ZContext context() {
    return context;
  }

  /** A socket to bind. */
  ZMQ.Socket binding(SocketType type) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setCurveServer(true);
    socket.setCurvePublicKey(ZMQ.Curve.z85Decode(keys.publicKey));
    socket.setCurveSecretKey(ZMQ.Curve.z85Decode(keys.secretKey));
    socket.setBacklog(1024);
    socket.setRcvHWM(UNBOUNDED);
    return socket;
  }

  /** A socket to connect. */
  ZMQ.Socket connecting(SocketType type) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setCurveServerKey(serverKey);
    socket.setCurvePublicKey(ZMQ.Curve.z85Decode(keys.publicKey));
    socket.setCurveSecretKey(ZMQ.Curve.z85Decode(keys.secretKey));
    socket.setLinger(0);
    socket.setRcvHWM(UNBOUNDED);
    return socket;
  }

  /** Binds to a free port, and gives the address. */
  static String bind(ZMQ.Socket socket) {
    return "127.0.0.1:" + socket.bindToRandomPort("tcp://127.0.0.1");
  }

  static void connect(ZMQ.Socket socket, String address) {
    socket.connect("tcp://" + address);
  }

  /** Runs the owner of a socket. */
  static void start(String name, Runnable owner) {
    Thread thread = new Thread(owner, name);
    thread.setDaemon(true);
    thread.start();
  }
}
