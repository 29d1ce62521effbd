package io.liblink.registry.dns;

import io.liblink.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A real DNS server, NSD, that is the authority for {@code example.test}, on a free port. */
final class NsdServer implements AutoCloseable {
  private static final String HEAD = """
      $ORIGIN example.test.
      $TTL 1
      @ SOA ns hostmaster %d 3600 600 86400 1
      @ NS ns
      ns A 127.0.0.1
      """;

  private final Path directory;
  private final int port;
  private ServerProcess process;
  private int serial = 1;

  private NsdServer(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** Starts one with these records. */
  static NsdServer start(String records) {
    String nsd = ServerProcess.program("dns").toString();
    try {
      Path directory = Files.createTempDirectory("liblink-dns");
      NsdServer server = new NsdServer(directory, ServerProcess.freePort());
      server.zone(records);
      Files.writeString(directory.resolve("nsd.conf"), server.configuration());
      server.process = ServerProcess.start(
          directory.resolve("log"),
          List.of(nsd, "-d", "-c", directory.resolve("nsd.conf").toString()));
      server.process.awaitPort(server.port);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    return """
        server:
          ip-address: 127.0.0.1@%d
          username: ""
          chroot: ""
          zonesdir: "%2$s"
          database: ""
          pidfile: "%2$s/pid"
          xfrdfile: "%2$s/xfrd"
          xfrdir: "%2$s"
          zonelistfile: "%2$s/zones"
          server-count: 1
          rrl-ratelimit: 0
        remote-control:
          control-enable: no
        zone:
          name: example.test
          zonefile: zone
        zone:
          name: broken.test
          zonefile: broken
        """.formatted(port, directory);
  }

  private void zone(String records) throws IOException {
    Files.writeString(directory.resolve("zone"), HEAD.formatted(serial++) + records);
    Files.writeString(directory.resolve("broken"), "this is no zone\n");
  }

  /** Replaces all records, while it runs. */
  void change(String records) {
    try {
      zone(records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.signal("HUP");
  }

  /** What stands before a name in a URI, to ask this server. */
  String authority() {
    return "127.0.0.1:" + port;
  }

  ServerProcess process() {
    return process;
  }

  void kill() {
    process.kill();
  }

  void restart() {
    process.start();
    process.awaitPort(port);
  }

  @Override
  public void close() {
    process.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
