package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.registry.etcd.EtcdException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what came back, or did not, into an {@link EtcdException} that says what to do. */
final class Replies {
  private static final int INVALID_ARGUMENT = 3;
  private static final int NOT_FOUND = 5;
  private static final int PERMISSION_DENIED = 7;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int FAILED_PRECONDITION = 9;
  private static final int OUT_OF_RANGE = 11;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private Replies() {}

  /** An answer that is not 200. */
  static EtcdException refusal(Address member, int http, byte[] body) {
    JsonNode error = Json.object(body);
    if (error == null || (error.path("code").isMissingNode() && http == 404)) {
      return new EtcdException(
          Kind.MEMBER,
          "what answers at "
              + member
              + (http == 404
                  ? " has no /v3: liblink needs etcd 3.4 or newer, with its gRPC gateway (on unless"
                      + " --enable-grpc-gateway=false)"
                  : " said HTTP " + http + " and nothing that etcd would say: is it etcd?"));
    }
    return error(member, error);
  }

  /** An error inside of a stream, or the body of a refusal. */
  static EtcdException error(Address member, JsonNode error) {
    // Older gateways write grpc_code inside of streams, newer ones write code everywhere.
    long code =
        error.has("grpc_code") ? Json.number(error, "grpc_code") : Json.number(error, "code");
    String message = Json.text(error, "message");
    return said(member, code, message.isEmpty() ? Json.text(error, "error") : message);
  }

  /** A watch that etcd ended or did not begin, with its reason. */
  static EtcdException cancelled(Address member, String reason) {
    return said(member, reason.contains("permission denied") ? PERMISSION_DENIED : 0, reason);
  }

  private static EtcdException said(Address member, long code, String message) {
    String words = "etcd at " + member + " says '" + message + "'";
    if (code == UNAUTHENTICATED
        || message.contains("invalid auth token")
        || message.contains("revision of auth store is old")) {
      return new EtcdException(Kind.TOKEN, words);
    }
    if (code == PERMISSION_DENIED) {
      return new EtcdException(
          Kind.REFUSED, words + ": give the user's role readwrite permission on liblink's prefix");
    }
    if (message.contains("user name is empty")) {
      return new EtcdException(
          Kind.REFUSED, words + ": it wants a login; set LIBLINK_ETCD_USER and a password");
    }
    if (code == FAILED_PRECONDITION && message.contains("authentication is not enabled")) {
      return new EtcdException(Kind.NO_AUTH, words);
    }
    if (code == INVALID_ARGUMENT && message.contains("invalid user ID or password")) {
      return new EtcdException(Kind.REFUSED, words + ": the user or the password is wrong");
    }
    if (message.contains("database space exceeded")) {
      return new EtcdException(
          Kind.REFUSED,
          words + ": it takes no writes until it is compacted and its alarm disarmed");
    }
    if (code == NOT_FOUND) {
      return new EtcdException(Kind.NOT_FOUND, words);
    }
    if (code == OUT_OF_RANGE) {
      return new EtcdException(Kind.REVISION, words);
    }
    boolean other = code == UNAVAILABLE || code == RESOURCE_EXHAUSTED || code == 0 || code == 2;
    return new EtcdException(other ? Kind.MEMBER : Kind.REFUSED, words);
  }

  /** No answer at all, or half of one. */
  static EtcdException failure(Address member, @Nullable Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) {
      t = t.getCause();
    }
    if (t instanceof EtcdException e) {
      return e;
    }
    for (Throwable c = t; c != null; c = c.getCause()) {
      if (c instanceof TooLargeException) {
        return new EtcdException(
            Kind.TOO_LARGE, "etcd at " + member + " answers " + c.getMessage());
      }
    }
    return new EtcdException(Kind.MEMBER, words("etcd at " + member, t));
  }

  private static String words(String etcd, @Nullable Throwable t) {
    if (t instanceof HttpConnectTimeoutException) {
      return etcd + ": no connection within " + Rules.PATIENCE.toMillis() + " ms";
    }
    if (t instanceof HttpTimeoutException || t instanceof TimeoutException) {
      return etcd + " takes connections and does not answer";
    }
    for (Throwable c = t; c != null; c = c.getCause()) {
      if (c instanceof UnresolvedAddressException) {
        return etcd + ": the name can't be resolved";
      }
      if (c instanceof SSLException) {
        return etcd
            + ": the TLS handshake failed ("
            + c.getMessage()
            + "): is it TLS there, does ca= hold the issuer of its certificate, does that have this"
            + " host name, and does it want cert= and key=?";
      }
    }
    if (t instanceof ConnectException) {
      return etcd + ": connection refused";
    }
    if (t instanceof IOException) {
      return etcd + ": the connection broke";
    }
    return etcd + ": " + t;
  }
}
