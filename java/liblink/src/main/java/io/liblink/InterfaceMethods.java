package io.liblink;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Reads the methods of an interface that is served or called. */
final class InterfaceMethods {
  private InterfaceMethods() {}

  /**
   * Those that are called remotely: abstract ones.
   *
   * @throws IllegalArgumentException when one can't be, saying why
   */
  static List<Method> of(Class<?> type) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(type.getName() + " is not an interface");
    }
    List<Method> methods = java.util.Arrays.stream(type.getMethods())
        .filter(m -> Modifier.isAbstract(m.getModifiers()))
        .sorted(java.util.Comparator.comparing(Method::getName))
        .toList();
    if (methods.isEmpty()) {
      throw new IllegalArgumentException(type.getName() + " has no methods to call");
    }
    Set<String> names = new HashSet<>();
    for (Method m : methods) {
      if (m.getParameterCount() > 1) {
        throw new IllegalArgumentException(
            m + " has " + m.getParameterCount() + " parameters: put them into one record");
      }
      if (!names.add(m.getName())) {
        throw new IllegalArgumentException(
            type.getName() + " has two methods named '" + m.getName() + "': give them two names");
      }
    }
    return methods;
  }

  static Set<Trait> traits(Method method) {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    Traits declared = method.getAnnotation(Traits.class);
    if (declared != null) {
      set.addAll(List.of(declared.value()));
    }
    return set;
  }

  static boolean isAsync(Method method) {
    return CompletionStage.class.isAssignableFrom(method.getReturnType());
  }

  /** The type of the value: of the stage's value where a stage is returned. */
  static Type valueType(Method method) {
    Type type = method.getGenericReturnType();
    if (!isAsync(method)) {
      return type;
    }
    return type instanceof ParameterizedType p ? p.getActualTypeArguments()[0] : Object.class;
  }
}
