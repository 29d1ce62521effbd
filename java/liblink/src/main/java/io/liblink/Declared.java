package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.registry.Endpoint;
import io.liblink.rpc.Method;
import io.liblink.rpc.ServiceGate;
import java.util.List;

/** An endpoint of a {@link Service}: what is announced of it, and what makes it one that is served. */
interface Declared {
  /** As it is announced. */
  Endpoint endpoint();

  /** A method. */
  record OfMethod(Endpoint endpoint, MethodMaker maker) implements Declared {}

  /** What a method needs to become one that is served. */
  interface MethodMaker {
    Method make(ServiceGate gate, Codecs codecs, List<Interceptor> interceptors);
  }
}
