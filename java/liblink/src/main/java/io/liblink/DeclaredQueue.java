package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.QueueOptions;
import io.liblink.pipeline.ItemWork;
import io.liblink.registry.Endpoint;
import java.util.function.Function;

/** A queue of a {@link Service}. */
record DeclaredQueue(
    Endpoint endpoint, QueueOptions options, boolean nonBlocking, Function<Codecs, ItemWork> work)
    implements Declared {}
