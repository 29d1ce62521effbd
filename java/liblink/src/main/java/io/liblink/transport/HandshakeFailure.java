package io.liblink.transport;

import io.liblink.identity.PeerRefusedException;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.telemetry.Drop;
import io.liblink.wire.Protocol;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection did not become a link, in words for the side that reads them. Alerts of the other
 * side are never taken apart: what they say differs between TLS libraries, and the side that decided
 * has the reason in its log.
 */
final class HandshakeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final Drop drop;

  private HandshakeFailure(Status status, Drop drop, String words, @Nullable Throwable cause) {
    super(words, cause, false, false);
    this.status = status;
    this.drop = drop;
  }

  Drop drop() {
    return drop;
  }

  LinkException toException(String remote) {
    return LinkException.failure(status, Stage.CONNECT, String.valueOf(getMessage()))
        .address(remote)
        .cause(getCause())
        .withoutStackTrace()
        .build();
  }

  /** A TLS handshake or an early read failed. */
  static HandshakeFailure of(Throwable cause, boolean dialer) {
    PeerRefusedException refused = PeerRefusedException.in(cause);
    if (refused != null) {
      return new HandshakeFailure(
          Status.UNAUTHENTICATED,
          Drop.HANDSHAKE_REFUSED,
          String.valueOf(refused.getMessage()),
          refused);
    }
    String words = deepest(cause);
    if (isA(cause, NotSslRecordException.class)) {
      return broken("the other side does not speak TLS: liblink has no unencrypted form", cause);
    }
    if (words.contains("UNSUPPORTED_PROTOCOL")
        || words.contains("protocol_version")
        || words.contains("not accepted by server preferences")
        || words.contains("PROTOCOL_VERSION")) {
      return broken("the other side offers no TLS 1.3, which liblink requires", cause);
    }
    if (isA(cause, java.nio.channels.ClosedChannelException.class)) {
      return closed(dialer, false);
    }
    if (deepestCause(cause) instanceof IOException io && !(io instanceof SSLException)) {
      // The network's doing and no judgement of anybody: another attempt may well succeed.
      return broken("the connection broke during the handshake: " + words, cause);
    }
    if (dialer) {
      return new HandshakeFailure(
          Status.UNAUTHENTICATED,
          Drop.HANDSHAKE_BROKEN,
          "the TLS handshake failed (" + words
              + "). If the other side is a liblink node, its log has"
              + " the reason: most often another cluster key or a clock that is off",
          cause);
    }
    if (words.toLowerCase(Locale.ROOT).contains("alert")) {
      return broken(
          "the dialer broke the TLS handshake off (" + words
              + "): most often it refused this node's"
              + " certificate because it has another cluster key; its own error says why",
          cause);
    }
    return broken("the TLS handshake failed: " + words, cause);
  }

  static HandshakeFailure alpn(boolean dialer, @Nullable String alpn) {
    return broken(
        "the other side "
            + (alpn == null || alpn.isEmpty()
                ? "negotiated no ALPN"
                : "negotiated ALPN '" + alpn + "'")
            + ", not '"
            + Protocol.ALPN
            + "': "
            + (dialer ? "it is no liblink node" : "it is no liblink client"),
        null);
  }

  static HandshakeFailure version(boolean dialer, String version) {
    return broken(
        (dialer ? "the acceptor" : "the dialer") + " negotiated " + version + ", not TLS 1.3",
        null);
  }

  static HandshakeFailure timeout(boolean dialer, long nanos, boolean authenticated) {
    String missing = authenticated ? "HELLO" : "the end of the TLS handshake";
    return new HandshakeFailure(
        Status.UNAVAILABLE,
        Drop.HANDSHAKE_TIMEOUT,
        (dialer ? "the acceptor" : "the dialer")
            + " did not come to "
            + missing
            + " within "
            + nanos / 1_000_000
            + " ms",
        null);
  }

  /** The connection was closed before it was a link. */
  static HandshakeFailure closed(boolean dialer, boolean authenticated) {
    if (dialer && authenticated) {
      return new HandshakeFailure(
          Status.UNAVAILABLE,
          Drop.HANDSHAKE_BROKEN,
          "the acceptor closed the connection after the TLS handshake and before HELLO: it was"
              + " closing, has too many connections, or refused this node's certificate; its log has"
              + " the reason",
          null);
    }
    return broken(
        (dialer ? "the acceptor" : "the dialer") + " closed the connection during the handshake",
        null);
  }

  /** The session ended before the link was ready: HELLO was refused, by either side. */
  static HandshakeFailure ended(Status status, String reason, boolean dialer) {
    Drop drop = status == Status.UNAUTHENTICATED ? Drop.HANDSHAKE_REFUSED : Drop.HANDSHAKE_BROKEN;
    if (!dialer && status == Status.RESOURCE_EXHAUSTED) {
      drop = Drop.TOO_MANY_CONNECTIONS;
    }
    return new HandshakeFailure(
        status == Status.OK ? Status.UNAVAILABLE : status,
        drop,
        (dialer ? "no link to the acceptor: " : "no link to the dialer: ") + reason,
        null);
  }

  private static HandshakeFailure broken(String words, @Nullable Throwable cause) {
    return new HandshakeFailure(Status.UNAVAILABLE, Drop.HANDSHAKE_BROKEN, words, cause);
  }

  /** A connection that could not be made at all. */
  static LinkException unreachable(String address, Throwable cause) {
    String words = cause instanceof IOException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    // As epoll says it: finishConnect(..) failed with error(-111): Connection refused
    words = words.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    int at = words.indexOf(": /");
    return LinkException.failure(
            Status.UNAVAILABLE,
            Stage.CONNECT,
            "no connection: " + (at > 0 ? words.substring(0, at) : words))
        .address(address)
        .cause(cause)
        .withoutStackTrace()
        .build();
  }

  /** Of two addresses: that somebody there was refused says more than that nobody answered. */
  static Throwable moreTelling(Throwable first, Throwable later) {
    Throwable f = unwrap(first);
    return f instanceof LinkException e && e.status() != Status.UNAVAILABLE ? f : unwrap(later);
  }

  private static Throwable unwrap(Throwable t) {
    return t instanceof CompletionException && t.getCause() != null ? t.getCause() : t;
  }

  private static boolean isA(Throwable failure, Class<?> type) {
    Throwable t = failure;
    for (int depth = 0; t != null && depth < 16; depth++, t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable deepestCause(Throwable failure) {
    Throwable t = failure;
    for (int depth = 0; depth < 16; depth++) {
      Throwable cause = t.getCause();
      if (cause == null) {
        break;
      }
      t = cause;
    }
    return t;
  }

  private static String deepest(Throwable failure) {
    Throwable t = deepestCause(failure);
    String words = t.getMessage();
    return words == null ? t.getClass().getSimpleName() : words;
  }
}
