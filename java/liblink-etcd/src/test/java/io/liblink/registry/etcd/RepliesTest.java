package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import io.liblink.registry.etcd.EtcdException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RepliesTest {
  private static final Address AT = new Address("db", 2379);

  /** As 3.4 and 3.6 write them, inside of streams and outside. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      404 | {"error":"etcdserver: requested lease not found","message":"…","code":5}                | NOT_FOUND
      404 | {"code":5,"message":"etcdserver: requested lease not found","details":[]}               | NOT_FOUND
      401 | {"code":16,"message":"etcdserver: invalid auth token"}                                  | TOKEN
      400 | {"code":3,"message":"etcdserver: revision of auth store is old"}                        | TOKEN
      403 | {"code":7,"message":"etcdserver: permission denied"}                                    | REFUSED
      400 | {"code":3,"message":"etcdserver: user name is empty"}                                   | REFUSED
      400 | {"code":3,"message":"etcdserver: authentication failed, invalid user ID or password"}   | REFUSED
      400 | {"code":9,"message":"etcdserver: authentication is not enabled"}                        | NO_AUTH
      400 | {"code":11,"message":"etcdserver: mvcc: required revision has been compacted"}          | REVISION
      429 | {"code":8,"message":"etcdserver: mvcc: database space exceeded"}                        | REFUSED
      429 | {"code":8,"message":"etcdserver: too many requests"}                                    | MEMBER
      503 | {"code":14,"message":"etcdserver: no leader"}                                           | MEMBER
      503 | {"error":"etcdserver: leader changed"}                                                  | MEMBER
      500 | {"code":2,"message":"context deadline exceeded"}                                        | MEMBER
      400 | {"code":3,"message":"etcdserver: key is not provided"}                                  | REFUSED
      404 | Not Found                                                                               | MEMBER
      404 | {"message":"no route"}                                                                  | MEMBER
      200 | <html>                                                                                  | MEMBER
      302 | []                                                                                      | MEMBER
      500 | {                                                                                       | MEMBER
      """)
  void refusalsSayWhatToDo(int http, String body, Kind kind) {
    EtcdException e = Replies.refusal(AT, http, body.getBytes(StandardCharsets.UTF_8));
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.words()).contains("db:2379");
  }

  @Test
  void errorsOfStreamsAreRead() {
    JsonNode old =
        Json.object("{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(old).isNotNull();
    assertThat(Replies.error(AT, old).kind()).isEqualTo(Kind.MEMBER);
    assertThat(Replies.cancelled(AT, "etcdserver: permission denied").kind())
        .isEqualTo(Kind.REFUSED);
    assertThat(Replies.cancelled(AT, "etcdserver: invalid auth token").kind())
        .isEqualTo(Kind.TOKEN);
    assertThat(Replies.cancelled(AT, "").kind()).isEqualTo(Kind.MEMBER);
  }

  @Test
  void failuresAreWordsForTheOperator() {
    assertThat(words(new ConnectException())).contains("connection refused");
    assertThat(words(new CompletionException(new ConnectException()))).contains("refused");
    ConnectException unresolved = new ConnectException();
    unresolved.initCause(new UnresolvedAddressException());
    assertThat(words(unresolved)).contains("can't be resolved");
    assertThat(words(new TimeoutException())).contains("does not answer");
    assertThat(words(new HttpTimeoutException("x"))).contains("does not answer");
    assertThat(words(new SSLHandshakeException("bad cert")))
        .contains("bad cert")
        .contains("ca=");
    assertThat(words(new IOException("EOF"))).contains("broke");
    assertThat(Replies.failure(AT, new IOException(new TooLargeException(5))).kind())
        .isEqualTo(Kind.TOO_LARGE);
    assertThat(words(null)).contains("db:2379");
    EtcdException known = new EtcdException(Kind.REFUSED, "known");
    assertThat(Replies.failure(AT, new CompletionException(known))).isSameAs(known);
  }

  private static String words(Throwable t) {
    return Replies.failure(AT, t).words();
  }

  @Test
  void whatComesFromTheNetworkIsPrintable() {
    String evil = "{\"code\":2,\"message\":\"\\u001b[31m" + "x".repeat(1000) + "\"}";
    assertThat(Replies.refusal(AT, 500, evil.getBytes(StandardCharsets.UTF_8)).words())
        .doesNotContain("\u001b")
        .hasSizeLessThan(400);
  }
}
