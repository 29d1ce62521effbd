package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.message.Message;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An interface whose methods are calls. */
final class ServiceProxy {
  private ServiceProxy() {}

  /** How one method is called. */
  private record Target(String name, boolean idempotent, boolean async, Type value) {}

  static <T> T of(Class<T> type, RemoteService service, Codecs codecs) {
    Map<Method, Target> targets = new HashMap<>();
    for (Method m : InterfaceMethods.of(type)) {
      targets.put(
          m,
          new Target(
              m.getName(),
              InterfaceMethods.traits(m).contains(Trait.IDEMPOTENT),
              InterfaceMethods.isAsync(m),
              InterfaceMethods.valueType(m)));
    }
    InvocationHandler handler = (proxy, method, arguments) -> {
      Target target = targets.get(method);
      if (target != null) {
        return call(target, service, codecs, arguments);
      }
      if (!Modifier.isAbstract(method.getModifiers()) && method.isDefault()) {
        return InvocationHandler.invokeDefault(proxy, method, arguments);
      }
      return ofObject(type, proxy, service, method, arguments);
    };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(
      Target target, RemoteService service, Codecs codecs, Object @Nullable [] arguments) {
    Message request = arguments == null ? Message.empty() : codecs.encode(arguments[0]);
    RemoteService to = service.idempotentIf(target.idempotent());
    if (target.async()) {
      return to.callDecoded(target.name(), request, m -> codecs.decode(m, target.value()));
    }
    return codecs.decode(to.call(target.name(), request), target.value());
  }

  private static @Nullable Object ofObject(
      Class<?> type,
      Object proxy,
      RemoteService service,
      Method method,
      Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> type.getSimpleName() + " of service '" + service.name() + "'";
    };
  }
}
