package io.liblink.testing;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.RegistryProvider;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** One instance of one service in a registry of its own, of a node that a test plays by hand. */
public final class Announced implements AutoCloseable {
  private final Path directory;
  private final Registry registry;

  public Announced(String cluster, String service, String node, NodeId id, Address address)
      throws IOException {
    directory = Files.createTempDirectory("liblink-announced");
    registry = Registries.open(
        uri(),
        new RegistryProvider.Context(
            cluster,
            node,
            id,
            TimeSource.system(),
            asked -> CompletableFuture.completedFuture(List.of())));
    registry
        .announce(
            new Instance(service, node, id, List.of(address), "", Map.of(), true, 1, List.of()))
        .toCompletableFuture()
        .join();
  }

  /** For the options of nodes. */
  public String uri() {
    return "local:" + directory;
  }

  @Override
  public void close() {
    registry.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
