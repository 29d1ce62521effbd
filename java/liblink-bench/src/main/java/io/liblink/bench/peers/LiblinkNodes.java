package io.liblink.bench.peers;

import io.liblink.NodeOptions;
import io.liblink.bench.child.FreePort;
import io.liblink.identity.key.ClusterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the nodes of a run find and trust each other: a key in a file, fixed addresses. */
final class LiblinkNodes {
  static final String CLUSTER = "bench";

  private LiblinkNodes() {}

  /** A free port of loopback. */
  static String freeAddress() throws IOException {
    return "127.0.0.1:" + FreePort.find();
  }

  /** Makes the key of the run; by the process that starts first. */
  static void makeKey(Secrets secrets) throws IOException {
    Files.writeString(keyFile(secrets), ClusterKey.generate().text());
  }

  static String key(Secrets secrets) throws IOException {
    return Files.readString(keyFile(secrets));
  }

  private static Path keyFile(Secrets secrets) {
    return secrets.directory().resolve("liblink.key");
  }

  /** Everything at its defaults; {@code addresses} are those of the serving nodes, by commas. */
  static NodeOptions options(String name, String addresses, Secrets secrets) throws IOException {
    return NodeOptions.cluster(CLUSTER)
        .name(name)
        .key(key(secrets))
        .registry("static:" + addresses);
  }
}
