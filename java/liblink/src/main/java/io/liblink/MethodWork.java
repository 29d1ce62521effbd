package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.message.Message;
import io.liblink.rpc.Method;
import io.liblink.rpc.ServerCall;
import io.liblink.rpc.UnreadableRequest;
import io.liblink.rpc.Work;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes what a method does of the user's handler, the codecs and the interceptors. */
final class MethodWork {
  /** A request to a reply, now or later. */
  private interface Step {
    Object run(ServerCall call, Message request) throws Exception;
  }

  private MethodWork() {}

  static Declared.MethodMaker ofMessages(String name, Handler handler, Set<Trait> traits) {
    return (gate, codecs, chain) -> {
      Step step = (call, request) -> handler.handle(new RequestView(call, request));
      return unary(name, gate, traits, false, step, chain);
    };
  }

  static <I, O> Declared.MethodMaker ofValues(
      String name, Class<I> input, TypedHandler<I, O> handler, Set<Trait> traits) {
    return (gate, codecs, chain) -> {
      Step step = (call, request) -> {
        O output = handler.handle(read(codecs, request, input));
        return codecs.encode(output, request.contentType());
      };
      return unary(name, gate, traits, false, step, chain);
    };
  }

  static Declared.MethodMaker ofInterface(
      java.lang.reflect.Method method, Object implementation, Set<Trait> traits) {
    method.setAccessible(true);
    Type input =
        method.getParameterCount() == 1 ? method.getGenericParameterTypes()[0] : Void.class;
    boolean async = InterfaceMethods.isAsync(method);
    return (gate, codecs, chain) -> {
      Step step = (call, request) -> {
        Object result = method.getParameterCount() == 0
            ? invoke(method, implementation)
            : invoke(method, implementation, readType(codecs, request, input));
        if (result instanceof CompletionStage<?> stage) {
          return stage.thenApply(v -> codecs.encode(v, request.contentType()));
        }
        if (async) {
          throw nothing(call);
        }
        return codecs.encode(result, request.contentType());
      };
      return unary(method.getName(), gate, traits, InterfaceMethods.isAsync(method), step, chain);
    };
  }

  static <I> Declared.MethodMaker ofItems(String name, Class<I> input, StreamHandler<I> handler) {
    return (gate, codecs, chain) -> {
      Step step = (call, request) -> {
        ReplySink sink = item -> call.items().send(codecs.encode(item));
        handler.handle(read(codecs, request, input), sink);
        return Message.empty();
      };
      return new Method(name, gate, false, true, true, work(name, gate.service(), step, chain));
    };
  }

  private static Method unary(
      String name,
      io.liblink.rpc.ServiceGate gate,
      Set<Trait> traits,
      boolean async,
      Step step,
      List<Interceptor> chain) {
    boolean nonBlocking = traits.contains(Trait.NON_BLOCKING);
    boolean later = async || !chain.isEmpty();
    return new Method(
        name, gate, nonBlocking, false, later, work(name, gate.service(), step, chain));
  }

  private static Work work(String name, String service, Step step, List<Interceptor> chain) {
    if (chain.isEmpty()) {
      return call -> reply(call, step.run(call, call.message()));
    }
    return call -> {
      Message request = call.message();
      Interceptor.Call what = new Interceptor.Call(service, name, request.headers());
      Interceptors.run(chain, what, request, m -> stage(call, m, step))
          .whenComplete((message, failure) -> {
            if (failure != null) {
              call.fail(failure);
            } else if (message == null) {
              call.fail(nothing(call));
            } else {
              call.reply(message);
            }
          });
    };
  }

  private static void reply(ServerCall call, Object result) {
    if (result instanceof Message message) {
      call.reply(message);
    } else if (result instanceof CompletionStage<?> stage) {
      stage.whenComplete((value, failure) -> {
        if (failure == null && value instanceof Message message) {
          call.reply(message);
        } else {
          call.fail(failure == null ? nothing(call) : failure);
        }
      });
    } else {
      call.fail(nothing(call));
    }
  }

  private static RuntimeException nothing(ServerCall call) {
    return new NullPointerException("the handler of '" + call.method() + "' returned null");
  }

  @SuppressWarnings("unchecked")
  private static CompletionStage<Message> stage(ServerCall call, Message request, Step step) {
    try {
      Object result = step.run(call, request);
      if (result instanceof CompletionStage<?> stage) {
        return (CompletionStage<Message>) stage;
      }
      return CompletableFuture.completedFuture((Message) result);
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static <I> I read(Codecs codecs, Message request, Class<I> type) {
    try {
      return codecs.decode(request, type);
    } catch (IllegalArgumentException e) {
      throw new UnreadableRequest("the request can't be read: " + e.getMessage());
    }
  }

  private static Object readType(Codecs codecs, Message request, Type type) {
    try {
      return codecs.decode(request, type);
    } catch (IllegalArgumentException e) {
      throw new UnreadableRequest("the request can't be read: " + e.getMessage());
    }
  }

  private static @Nullable Object invoke(
      java.lang.reflect.Method method, Object target, Object... arguments) throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
