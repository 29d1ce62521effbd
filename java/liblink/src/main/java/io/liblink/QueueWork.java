package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.QueueOptions;
import io.liblink.pipeline.ItemWork;
import io.liblink.pipeline.Queues;
import io.liblink.pipeline.Received;
import io.liblink.pipeline.UnreadableItem;
import io.liblink.registry.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Makes what a queue does of the user's worker and the codecs. */
final class QueueWork {
  private QueueWork() {}

  static <T> DeclaredQueue declare(
      String name, Class<T> type, QueueOptions options, Worker<T> worker, Set<Trait> traits) {
    return declare(name, options, traits, codecs -> item -> {
      worker.work(read(codecs, item, type));
      return null;
    });
  }

  static <T> DeclaredQueue declare(
      String name, Class<T> type, QueueOptions options, ItemWorker<T> worker, Set<Trait> traits) {
    return declare(name, options, traits, codecs -> item -> {
      worker.work(read(codecs, item, type), new ItemView(item));
      return null;
    });
  }

  static <T> DeclaredQueue declare(
      String name, Class<T> type, QueueOptions options, AsyncWorker<T> worker) {
    return declare(
        name,
        options,
        Set.of(),
        codecs -> item -> Objects.requireNonNull(
            worker.work(read(codecs, item, type), new ItemView(item)),
            () -> "the worker of '" + name + "' returned null"));
  }

  private static DeclaredQueue declare(
      String name, QueueOptions options, Set<Trait> traits, Function<Codecs, ItemWork> work) {
    Endpoint endpoint = new Endpoint(name, Endpoint.Kind.QUEUE, traits.contains(Trait.IDEMPOTENT));
    return new DeclaredQueue(endpoint, options, traits.contains(Trait.NON_BLOCKING), work);
  }

  private static <T> T read(Codecs codecs, Received item, Class<T> type) {
    try {
      return codecs.decode(item.message(), type);
    } catch (IllegalArgumentException e) {
      throw new UnreadableItem("the item can't be read: " + e.getMessage());
    }
  }

  /** The queues of a service, to be served. */
  static List<Queues.Declaration> of(Service service, Codecs codecs) {
    return service.declared(DeclaredQueue.class).stream()
        .map(d -> new Queues.Declaration(
            d.endpoint().name(), d.options(), d.nonBlocking(), d.work().apply(codecs)))
        .toList();
  }
}
