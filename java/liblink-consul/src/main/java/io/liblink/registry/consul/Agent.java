package io.liblink.registry.consul;

import io.liblink.time.TimeSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Talks HTTP to the agent. Nothing blocks: however many requests are under way, two threads serve
 * them. Each request ends within its time, its body included. Thread-safe.
 */
final class Agent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.liblink.registry");
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int THREADS = 2;
  private static final int IDLE_SECONDS = 5;

  /** Some thirty thousand instances of one service. */
  private static final int LARGEST_BODY = 64 << 20;

  private final Settings settings;
  private final Token token;
  private final TimeSource clock;
  private final ThreadPoolExecutor executor;
  private final Clients clients;

  /** How to end each request under way. */
  private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  Agent(Settings settings, TimeSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.token = new Token(settings.tokenFile(), settings.token());
    AtomicInteger number = new AtomicInteger();
    // Threads end when there is nothing to do: what is cancelled at the end still finds one.
    this.executor = new ThreadPoolExecutor(
        THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread thread =
              new Thread(task, "liblink-registry-consul-http-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
    executor.allowCoreThreadTimeOut(true);
    this.clients = new Clients(settings, clock, this::client);
    if (token.isSet() && !settings.secure() && !isLoopback(settings.agent().host())) {
      LOG.log(
          System.Logger.Level.WARNING,
          "registry " + settings.uri()
              + ": the token goes over the network in the clear: use consuls://");
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  private HttpClient client(HttpClient.Builder builder) {
    return builder
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .executor(executor)
        .build();
  }

  /** The agent's address, for messages. */
  String name() {
    return settings.agent().toString();
  }

  /** How often the token has become another. */
  int tokenChanges() {
    return token.changes();
  }

  CompletableFuture<Reply> get(String path, Duration timeout) {
    return send(path, timeout, HttpRequest.newBuilder().GET());
  }

  CompletableFuture<Reply> put(String path, byte[] body, Duration timeout) {
    return send(path, timeout, HttpRequest.newBuilder().PUT(BodyPublishers.ofByteArray(body)));
  }

  /** The future fails with what {@link #words} can explain; cancelling it ends the request. */
  private CompletableFuture<Reply> send(
      String path, Duration timeout, HttpRequest.Builder request) {
    if (closed) {
      return CompletableFuture.failedFuture(new CancellationException());
    }
    CompletableFuture<HttpResponse<BoundedBody.Whole>> exchange;
    try {
      request
          .uri(URI.create((settings.secure() ? "https://" : "http://") + settings.agent() + path))
          .timeout(timeout);
      String value = token.value(clock.nanos());
      if (!value.isEmpty()) {
        request.setHeader("X-Consul-Token", value);
      }
      exchange =
          clients.current().sendAsync(request.build(), info -> new BoundedBody(LARGEST_BODY));
    } catch (Token.Unusable | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    Runnable end = () -> exchange.cancel(true);
    underWay.add(end);
    CompletableFuture<Reply> reply =
        exchange.thenApply(this::reply).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    reply.whenComplete((r, t) -> {
      underWay.remove(end);
      end.run(); // for when the reply timed out or was cancelled
    });
    if (closed) {
      end.run();
    }
    return reply;
  }

  private Reply reply(HttpResponse<BoundedBody.Whole> response) {
    HttpHeaders headers = response.headers();
    if (response.statusCode() == 401 || response.statusCode() == 403) {
      token.refused();
    }
    return new Reply(
        response.statusCode(),
        index(headers),
        headers.firstValue("X-Consul-Results-Filtered-By-ACLs").orElse("").equals("true"),
        response.body().take());
  }

  /** Never 0, which would not block. */
  private static long index(HttpHeaders headers) {
    try {
      return Math.max(
          1, Long.parseUnsignedLong(headers.firstValue("X-Consul-Index").orElse("1")));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** Why a request has failed; the same text for the same failure, or each try would be news. */
  String words(@Nullable Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) {
      t = t.getCause();
    }
    if (t instanceof HttpConnectTimeoutException) {
      return "the agent at " + name() + " can't be reached: no connection within "
          + CONNECT.toSeconds() + " s";
    }
    if (t instanceof HttpTimeoutException || t instanceof TimeoutException) {
      return "the agent at " + name() + " does not answer";
    }
    if (t instanceof ConnectException) {
      return cause(t, UnresolvedAddressException.class) != null
          ? "the name of the agent at " + name() + " is not known"
          : "nobody listens at " + name() + ": is the Consul agent running?";
    }
    SSLException tls = cause(t, SSLException.class);
    if (tls != null) {
      return "no TLS with the agent at " + name() + ": " + tls.getMessage();
    }
    if (t instanceof CancellationException) {
      return "the registry was closed";
    }
    if (t == null || t.getMessage() == null) {
      return "the agent at " + name() + " broke the connection";
    }
    return t instanceof IOException && !(t instanceof Token.Unusable)
        ? "the connection to the agent at " + name() + " broke: " + t.getMessage()
        : t.getMessage();
  }

  private static <T extends Throwable> @Nullable T cause(@Nullable Throwable t, Class<T> type) {
    int depth = 0;
    for (Throwable c = t; c != null && depth < 10; c = c.getCause(), depth++) {
      if (type.isInstance(c)) {
        return type.cast(c);
      }
    }
    return null;
  }

  /** Ends every request under way. */
  @Override
  public void close() {
    closed = true;
    underWay.forEach(Runnable::run);
    clients.close();
  }
}
