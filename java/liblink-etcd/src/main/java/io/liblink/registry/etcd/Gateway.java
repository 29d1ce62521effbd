package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.registry.etcd.EtcdException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Requests to etcd's JSON gateway, {@code POST /v3/…} over HTTP/1.1. Logs in when that is wanted.
 * Thread-safe; never blocks.
 */
final class Gateway {
  /** Fails at once, instead of waiting, when the member asked has lost its leader. */
  private static final String WITH_LEADER = "Grpc-Metadata-hasleader";

  private static final int THREADS = 2;
  private static final long IDLE_SECONDS = 5;
  private static final int OK = 200;

  /** Where an answer that goes on goes to. */
  interface Sink {
    /** Some lines of it; {@code more} is run when they were dealt with. */
    void lines(List<byte[]> lines, Runnable more);

    /** It ended, for that reason. Comes once. */
    void ended(EtcdException why);
  }

  /** An answer that goes on. */
  interface Stream {
    /** Ends it without waiting; its sink may still be told what was under way. Idempotent. */
    void close();

    /** What it brought says that its token is no good: the next one gets another. */
    void tokenRefused();
  }

  private final boolean tls;
  private final Tls files;
  private final Login login;
  private final ThreadPoolExecutor threads;

  /** Guarded by this. */
  private @Nullable HttpClient client;

  Gateway(Settings settings) {
    this.tls = settings.tls();
    this.files = new Tls(settings);
    this.login = new Login(settings);
    this.threads = new ThreadPoolExecutor(
        THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread thread = new Thread(task, "liblink-registry-etcd-http");
          thread.setDaemon(true);
          return thread;
        });
    threads.allowCoreThreadTimeOut(true); // so that nothing has to be shut down
  }

  /**
   * Asks for an answer that ends.
   *
   * @return the answer; exceptionally an {@link EtcdException}
   */
  CompletableFuture<JsonNode> ask(
      Address member, String path, Map<String, ?> body, Duration patience) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    withToken(member, patience).whenComplete((token, refused) -> {
      if (refused != null) {
        answer.completeExceptionally(Replies.failure(member, refused));
        return;
      }
      send(member, path, body, patience, token).whenComplete((node, failure) -> {
        if (failure == null) {
          answer.complete(node);
          return;
        }
        EtcdException why = Replies.failure(member, failure);
        if (why.kind() != Kind.TOKEN || token.isEmpty()) {
          answer.completeExceptionally(why);
          return;
        }
        login.forget(token);
        againWithNewToken(member, path, body, patience, answer);
      });
    });
    return answer;
  }

  private void againWithNewToken(
      Address member,
      String path,
      Map<String, ?> body,
      Duration patience,
      CompletableFuture<JsonNode> answer) {
    withToken(member, patience)
        .thenCompose(token -> send(member, path, body, patience, token))
        .whenComplete((node, failure) -> {
          if (failure == null) {
            answer.complete(node);
          } else {
            answer.completeExceptionally(Replies.failure(member, failure));
          }
        });
  }

  private CompletableFuture<String> withToken(Address member, Duration patience) {
    return login.token(body -> send(member, "auth/authenticate", body, patience, "")
        .handle((node, failure) -> {
          if (failure == null) {
            return Json.text(node, "token");
          }
          EtcdException why = Replies.failure(member, failure);
          if (why.kind() == Kind.NO_AUTH) {
            return "";
          }
          throw new CompletionException(why);
        }));
  }

  private CompletableFuture<JsonNode> send(
      Address member, String path, Map<String, ?> body, Duration patience, String token) {
    CompletableFuture<HttpResponse<byte[]>> response;
    try {
      HttpRequest request = request(member, path, body, token).timeout(patience).build();
      response = client().sendAsync(request, info -> new Body(Rules.MOST_ANSWER_BYTES));
    } catch (EtcdException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(Replies.failure(member, e));
    }
    // The client's own limit ends with the headers: what hangs behind them ends here.
    CompletableFuture<HttpResponse<byte[]>> limited =
        response.copy().orTimeout(patience.toMillis() + 100, TimeUnit.MILLISECONDS);
    return limited.handle((r, failure) -> {
      if (failure != null) {
        response.cancel(true);
        throw new CompletionException(Replies.failure(member, failure));
      }
      JsonNode node = r.statusCode() == OK ? Json.object(r.body()) : null;
      if (node == null) {
        throw new CompletionException(Replies.refusal(member, r.statusCode(), r.body()));
      }
      return node;
    });
  }

  /** Asks for an answer that goes on, until the stream is closed or it ends. */
  Stream stream(Address member, String path, Map<String, ?> body, Sink sink) {
    Streaming streaming = new Streaming(member, sink);
    withToken(member, Rules.PATIENCE).whenComplete((token, refused) -> {
      if (refused == null) {
        streaming.start(path, body, token);
      } else {
        streaming.ended(refused);
      }
    });
    return streaming;
  }

  private HttpRequest.Builder request(
      Address member, String path, Map<String, ?> body, String token) {
    HttpRequest.Builder b = HttpRequest.newBuilder(
            URI.create((tls ? "https://" : "http://") + member + "/v3/" + path))
        .header("Content-Type", "application/json")
        .header(WITH_LEADER, "true")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
    return token.isEmpty() ? b : b.header("Authorization", token);
  }

  private synchronized HttpClient client() throws EtcdException {
    HttpClient c = client;
    if (c == null || (tls && files.changed())) {
      HttpClient.Builder b = HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Rules.PATIENCE)
          .executor(threads)
          .followRedirects(HttpClient.Redirect.NEVER);
      if (tls) {
        b.sslContext(files.context());
      }
      c = b.build();
      client = c;
    }
    return c;
  }

  private final class Streaming implements Stream, Lines.Sink {
    private final Address member;
    private final Sink sink;

    // Guarded by this.
    private boolean closed;
    private @Nullable Lines lines;
    private @Nullable CompletableFuture<HttpResponse<Void>> response;
    private boolean over;
    private String token = "";

    private Streaming(Address member, Sink sink) {
      this.member = member;
      this.sink = sink;
    }

    private void start(String path, Map<String, ?> body, String token) {
      CompletableFuture<HttpResponse<Void>> started;
      synchronized (this) {
        if (closed) {
          return;
        }
        this.token = token;
        try {
          started =
              client().sendAsync(request(member, path, body, token).build(), this::subscriber);
        } catch (EtcdException | IllegalArgumentException e) {
          started = CompletableFuture.failedFuture(e);
        }
        response = started;
      }
      started.whenComplete((r, failure) -> {
        if (failure != null) {
          ended(failure);
        }
      });
    }

    private HttpResponse.BodySubscriber<Void> subscriber(HttpResponse.ResponseInfo info) {
      if (info.statusCode() != OK) {
        return HttpResponse.BodySubscribers.mapping(new Body(Rules.MOST_ANSWER_BYTES), bytes -> {
          ended(Replies.refusal(member, info.statusCode(), bytes));
          return null;
        });
      }
      Lines made = new Lines(this, Rules.MOST_ANSWER_BYTES);
      boolean late;
      synchronized (this) {
        lines = made;
        late = closed;
      }
      if (late) {
        made.cancel();
      }
      return made;
    }

    @Override
    public void lines(List<byte[]> some, Runnable more) {
      sink.lines(some, more);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      EtcdException why = failure == null
          ? new EtcdException(Kind.MEMBER, "etcd at " + member + " ended a watch")
          : Replies.failure(member, failure);
      if (why.kind() == Kind.TOKEN) {
        tokenRefused();
      }
      sink.ended(why);
    }

    @Override
    public void tokenRefused() {
      String used;
      synchronized (this) {
        used = token;
      }
      login.forget(used);
    }

    @Override
    public void close() {
      CompletableFuture<HttpResponse<Void>> started;
      Lines reading;
      synchronized (this) {
        closed = true;
        started = response;
        reading = lines;
      }
      if (reading != null) {
        reading.cancel();
      }
      if (started != null) {
        started.cancel(true);
      }
    }
  }
}
