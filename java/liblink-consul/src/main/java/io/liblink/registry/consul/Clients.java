package io.liblink.registry.consul;

import io.liblink.time.TimeSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client in use. When the files of its TLS change, another takes its place; what is under
 * way ends on the old one. Thread-safe.
 */
final class Clients {
  private static final System.Logger LOG = System.getLogger("io.liblink.registry");

  /** The files are looked at this often. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Makes a client from a builder that has its TLS. */
  @FunctionalInterface
  interface Maker {
    HttpClient make(HttpClient.Builder builder);
  }

  private final Settings settings;
  private final TimeSource clock;
  private final Maker maker;

  // Guarded by this.
  private HttpClient current;
  private List<Object> stamps;
  private long lookedAt;

  /**
   * Makes the first client.
   *
   * @throws IllegalArgumentException when a file of its TLS can't be used
   */
  Clients(Settings settings, TimeSource clock, Maker maker) {
    this.settings = settings;
    this.clock = clock;
    this.maker = maker;
    this.stamps = stamps();
    this.lookedAt = clock.nanos();
    this.current = make();
  }

  private HttpClient make() {
    HttpClient.Builder builder = HttpClient.newBuilder();
    if (settings.secure()) {
      builder.sslContext(AgentTls.context(settings));
    }
    return maker.make(builder);
  }

  synchronized HttpClient current() {
    long now = clock.nanos();
    if (settings.secure() && now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      List<Object> newer = stamps();
      if (!newer.equals(stamps)) {
        renew(newer);
      }
    }
    return current;
  }

  /**
   * Ends the client's own thread, where Java lets one do that (21 and newer). Otherwise a process that
   * ends waits 0.3 s for it, since it sits in native code. Returns at once.
   */
  synchronized void close() {
    if (current instanceof AutoCloseable client) {
      Thread thread = new Thread(() -> end(client), "liblink-registry-consul-close");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void end(AutoCloseable client) {
    try {
      client.close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "the client was not closed", e);
    }
  }

  private void renew(List<Object> newer) {
    try {
      current = make();
      stamps = newer;
    } catch (IllegalArgumentException e) {
      // Perhaps half written: the old one serves on, and the files are looked at again.
      LOG.log(System.Logger.Level.WARNING, "the changed certificates are not used", e);
    }
  }

  private List<Object> stamps() {
    List<Object> all = new ArrayList<>();
    Stream.of(settings.caFile(), settings.certFile(), settings.keyFile())
        .filter(Objects::nonNull)
        .forEach(file -> all.add(stamp(file)));
    return all;
  }

  private static Object stamp(@Nullable Path file) {
    try {
      return file == null ? "" : Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return "";
    }
  }
}
