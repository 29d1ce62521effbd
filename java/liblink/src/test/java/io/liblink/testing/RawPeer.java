package io.liblink.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * The other end of a link, played by a test that writes and reads bytes by hand and keeps no rule of
 * the protocol that it does not want to keep. Every read is bounded in time by the socket. For one
 * thread.
 */
public final class RawPeer implements Closeable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final DataInputStream in;
  private final OutputStream out;
  private final Closeable connection;

  /** Over any pair of streams. */
  public RawPeer(InputStream in, OutputStream out, Closeable connection) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.out = out;
    this.connection = connection;
  }

  /** Over a connected socket; no read waits longer than 10 s. */
  public static RawPeer over(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawPeer(socket.getInputStream(), socket.getOutputStream(), socket);
  }

  /** Over TLS: asks for the ALPN of the protocol, shakes hands, and checks that it was chosen. */
  public static RawPeer over(SSLSocket socket) throws IOException {
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"liblink/1"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.startHandshake();
    if (!"liblink/1".equals(socket.getApplicationProtocol())) {
      throw new SSLException("ALPN chose '" + socket.getApplicationProtocol() + "'");
    }
    return over((Socket) socket);
  }

  /** As the dialer: waits for the acceptor's HELLO, answers, and returns what it said. */
  public RawHello dial(RawHello own) throws IOException {
    RawHello theirs = RawHello.read(receive());
    send(own.frame());
    return theirs;
  }

  /** As the acceptor: speaks first and returns what the dialer answered. */
  public RawHello accept(RawHello own) throws IOException {
    send(own.frame());
    return RawHello.read(receive());
  }

  public void send(RawFrame... frames) throws IOException {
    RawBytes all = new RawBytes();
    for (RawFrame frame : frames) {
      all.raw(frame.bytes());
    }
    send(all.done());
  }

  /** Any bytes. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The next frame. */
  public RawFrame receive() throws IOException {
    return RawFrame.read(in);
  }

  /** The next frame of that type; others before it are passed over, PINGs answered. */
  public RawFrame receive(int type) throws IOException {
    while (true) {
      RawFrame frame = receive();
      if (frame.type() == type) {
        return frame;
      }
      if (frame.type() == RawFrame.PING) {
        send(new RawFrame(RawFrame.PONG, 0, 0, frame.body()));
      }
    }
  }

  /** Calls with raw bytes and waits for the CLOSE. */
  public RawFrame call(long stream, String target, byte[] payload) throws IOException {
    send(RawFrame.call(stream, target, payload));
    return receive(RawFrame.CLOSE);
  }

  /**
   * Reads until the other side closes; the GOAWAY that it said, if it said one.
   *
   * @throws java.net.SocketTimeoutException when it does not close
   */
  public Optional<RawFrame> receiveEnd() throws IOException {
    RawFrame goAway = null;
    try {
      while (true) {
        RawFrame frame = receive();
        if (frame.type() == RawFrame.GOAWAY) {
          goAway = frame;
        }
      }
    } catch (EOFException | SocketException | SSLException closed) {
      return Optional.ofNullable(goAway);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
