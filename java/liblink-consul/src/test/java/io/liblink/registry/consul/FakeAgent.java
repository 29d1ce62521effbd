package io.liblink.registry.consul;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A made-up agent that answers what a test says, also what no real one would. */
final class FakeAgent implements AutoCloseable {
  /** What it answers. */
  record Answer(int status, String index, String body, boolean filtered) {
    static Answer ok(String index, String body) {
      return new Answer(200, index, body, false);
    }

    static Answer status(int status, String body) {
      return new Answer(status, "", body, false);
    }
  }

  /** Decides. */
  @FunctionalInterface
  interface Script {
    /** The answer to a request; it may take its time. */
    Answer answer(String request) throws InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "fake-agent");
    thread.setDaemon(true);
    return thread;
  });
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
  private final AtomicInteger blocked = new AtomicInteger();
  private final AtomicInteger mostBlocked = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile Script script;

  FakeAgent(Script script) {
    this.script = script;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 300);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answers differently from now on. */
  void script(Script other) {
    script = other;
  }

  String uri() {
    return "consul://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The requests so far that begin like that, oldest first. */
  List<String> requests(String start) {
    return requests.stream().filter(r -> r.startsWith(start)).toList();
  }

  List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** A blocking query that is answered with that when its time is over, or at the end. */
  Answer block(long millis, Answer then) throws InterruptedException {
    mostBlocked.accumulateAndGet(blocked.incrementAndGet(), Math::max);
    try {
      end.await(millis, TimeUnit.MILLISECONDS);
    } finally {
      blocked.decrementAndGet();
    }
    return then;
  }

  /** So many were blocked at once. */
  int mostBlocked() {
    return mostBlocked.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(request);
      tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Consul-Token")));
      exchange.getRequestBody().readAllBytes();
      Answer answer = request.startsWith("GET /v1/status/leader")
          ? Answer.ok("", "\"10.0.0.1:8300\"")
          : script.answer(request);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      if (!answer.index().isEmpty()) {
        exchange.getResponseHeaders().add("X-Consul-Index", answer.index());
      }
      if (answer.filtered()) {
        exchange.getResponseHeaders().add("X-Consul-Results-Filtered-By-ACLs", "true");
      }
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
