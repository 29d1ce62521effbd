package io.liblink.architecture;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Types as text, the same on every JDK (packages of the JDK and of this project left out), and a memory of
 * the classes that were named.
 */
final class SignatureText {
  private final Set<Class<?>> mentioned = new LinkedHashSet<>();

  Collection<Class<?>> mentioned() {
    return mentioned;
  }

  String of(AnnotatedType type) {
    return (PublicApi.isNullable(type) ? "@Nullable " : "") + of(type.getType());
  }

  String of(Type type) {
    if (type instanceof Class<?> c) {
      return plain(c);
    }
    if (type instanceof ParameterizedType p) {
      return of(p.getRawType())
          + Arrays.stream(p.getActualTypeArguments())
              .map(this::of)
              .collect(Collectors.joining(", ", "<", ">"));
    }
    if (type instanceof GenericArrayType a) {
      return of(a.getGenericComponentType()) + "[]";
    }
    if (type instanceof WildcardType w) {
      String low = bounds(" super ", w.getLowerBounds());
      return "?" + (low.isEmpty() ? bounds(" extends ", w.getUpperBounds()) : low);
    }
    return ((TypeVariable<?>) type).getName();
  }

  /** {@code <T extends X> }, with a space behind it, or nothing. */
  String parameters(GenericDeclaration declaration) {
    TypeVariable<?>[] variables = declaration.getTypeParameters();
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(v -> v.getName() + bounds(" extends ", v.getBounds()))
            .collect(Collectors.joining(", ", "<", "> "));
  }

  private String bounds(String word, Type[] bounds) {
    String all = Arrays.stream(bounds)
        .filter(b -> b != Object.class)
        .map(this::of)
        .collect(Collectors.joining(" & "));
    return all.isEmpty() ? "" : word + all;
  }

  private String plain(Class<?> c) {
    if (c.isArray()) {
      return plain(c.getComponentType()) + "[]";
    }
    mentioned.add(c);
    String packageName = c.getPackageName();
    boolean known = packageName.startsWith("java.") || packageName.startsWith("io.liblink");
    return known ? c.getName().substring(prefix(c)).replace('$', '.') : c.getName();
  }

  private static int prefix(Class<?> c) {
    return c.isPrimitive() ? 0 : c.getPackageName().length() + 1;
  }
}
