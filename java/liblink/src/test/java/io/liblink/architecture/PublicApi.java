package io.liblink.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists what users can see of a set of packages, as text that reads like Java. */
final class PublicApi {
  private final SignatureText text = new SignatureText();
  private final StringBuilder out = new StringBuilder();

  /** The listing of all public types of those packages. */
  String list(Path classes, Set<String> packages) {
    for (String name : packages) {
      out.append("package ").append(name).append("\n\n");
      for (Class<?> type : types(classes, name)) {
        if (isVisible(type)) {
          add(type);
        }
      }
    }
    return out.toString().stripTrailing() + "\n";
  }

  /** Types named by the signatures listed so far. */
  Collection<Class<?>> mentioned() {
    return text.mentioned();
  }

  private static List<Class<?>> types(Path classes, String packageName) {
    Path directory = classes.resolve(packageName.replace('.', '/'));
    try (Stream<Path> files = Files.list(directory)) {
      List<Class<?>> found = new ArrayList<>();
      for (String file : files.map(f -> f.getFileName().toString()).toList()) {
        if (file.endsWith(".class") && !file.equals("package-info.class")) {
          String name = packageName + "." + file.substring(0, file.length() - 6);
          found.add(Class.forName(name, false, PublicApi.class.getClassLoader()));
        }
      }
      found.sort(Comparator.comparing(Class::getName));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isVisible(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getDeclaringClass()) {
      if (!isVisible(at.getModifiers()) || at.isAnonymousClass() || at.isLocalClass()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private void add(Class<?> type) {
    out.append(marks(type)).append(head(type)).append('\n');
    List<String> lines = new ArrayList<>();
    if (type.isEnum()) {
      out.append("  ")
          .append(Arrays.stream(type.getFields())
              .filter(Field::isEnumConstant)
              .map(Field::getName)
              .collect(Collectors.joining(", ")))
          .append('\n');
    }
    for (Field f : type.getDeclaredFields()) {
      if (isVisible(f.getModifiers()) && !f.isEnumConstant() && !f.isSynthetic()) {
        lines.add(flags(f) + text.of(f.getAnnotatedType()) + " " + f.getName());
      }
    }
    for (Constructor<?> c : type.getDeclaredConstructors()) {
      if (isVisible(c.getModifiers()) && !c.isSynthetic() && !isCanonical(type, c)) {
        lines.add("new(" + parameters(c) + ")" + thrown(c));
      }
    }
    for (Method m : type.getDeclaredMethods()) {
      if (isVisible(m.getModifiers()) && !m.isSynthetic() && !isImplied(type, m)) {
        lines.add(flags(m) + text.parameters(m) + text.of(m.getAnnotatedReturnType()) + " "
            + m.getName() + "(" + parameters(m) + ")" + thrown(m));
      }
    }
    lines.stream().sorted().forEach(line -> out.append("  ").append(line).append('\n'));
    out.append('\n');
  }

  private static String marks(AnnotatedElement element) {
    return (element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "")
        + (element.isAnnotationPresent(FunctionalInterface.class) ? "@FunctionalInterface " : "");
  }

  private String head(Class<?> type) {
    StringBuilder s = new StringBuilder(kind(type)).append(' ');
    s.append(type.getName().substring(type.getPackageName().length() + 1).replace('$', '.'));
    s.append(text.parameters(type).stripTrailing());
    if (type.isRecord()) {
      s.append(Arrays.stream(type.getRecordComponents())
          .map(this::component)
          .collect(Collectors.joining(", ", "(", ")")));
    }
    Type parent = type.getGenericSuperclass();
    if (parent != null
        && !Set.of(Object.class, Record.class).contains(type.getSuperclass())
        && !type.isEnum()) {
      s.append(" extends ").append(text.of(parent));
    }
    if (type.getGenericInterfaces().length > 0) {
      s.append(type.isInterface() ? " extends " : " implements ");
      s.append(Arrays.stream(type.getGenericInterfaces())
          .map(text::of)
          .collect(Collectors.joining(", ")));
    }
    if (type.isSealed()) {
      s.append(" permits ");
      s.append(Arrays.stream(type.getPermittedSubclasses())
          .map(text::of)
          .collect(Collectors.joining(", ")));
    }
    return s.toString();
  }

  private String component(RecordComponent c) {
    return text.of(c.getAnnotatedType()) + " " + c.getName();
  }

  private static String kind(Class<?> type) {
    if (type.isAnnotation()) {
      return "annotation";
    }
    if (type.isInterface()) {
      return type.isSealed() ? "sealed interface" : "interface";
    }
    if (type.isRecord() || type.isEnum()) {
      return type.isRecord() ? "record" : "enum";
    }
    int m = type.getModifiers();
    return (Modifier.isAbstract(m) ? "abstract " : "")
        + (Modifier.isFinal(m) ? "final " : "")
        + (type.isSealed() ? "sealed " : "")
        + "class";
  }

  private static <M extends Member & AnnotatedElement> String flags(M member) {
    int m = member.getModifiers();
    boolean inInterface = member.getDeclaringClass().isInterface();
    return marks(member)
        + (Modifier.isProtected(m) ? "protected " : "")
        + (Modifier.isStatic(m) ? "static " : "")
        + (Modifier.isAbstract(m) && !inInterface ? "abstract " : "")
        + (member instanceof Method method && method.isDefault() ? "default " : "")
        + (Modifier.isFinal(m) && member instanceof Field ? "final " : "");
  }

  private String parameters(Executable e) {
    List<String> all = new ArrayList<>();
    AnnotatedType[] types = e.getAnnotatedParameterTypes();
    for (int i = 0; i < types.length; i++) {
      String one = text.of(types[i]);
      boolean rest = e.isVarArgs() && i == types.length - 1;
      all.add(rest ? one.substring(0, one.length() - 2) + "..." : one);
    }
    return String.join(", ", all);
  }

  private String thrown(Executable e) {
    return e.getExceptionTypes().length == 0
        ? ""
        : Arrays.stream(e.getGenericExceptionTypes())
            .map(text::of)
            .collect(Collectors.joining(", ", " throws ", ""));
  }

  private static boolean isCanonical(Class<?> type, Constructor<?> c) {
    return type.isRecord()
        && Arrays.equals(
            c.getParameterTypes(),
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray());
  }

  /** What every record, enum or class has anyway. */
  private static boolean isImplied(Class<?> type, Method m) {
    Set<String> names = new TreeSet<>(List.of("toString", "hashCode"));
    if (m.getName().equals("equals") && m.getParameterCount() == 1) {
      return true;
    }
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents()).forEach(c -> names.add(c.getName()));
    }
    if (type.isEnum() && Modifier.isStatic(m.getModifiers())) {
      return m.getName().equals("values") || (m.getName().equals("valueOf"));
    }
    return m.getParameterCount() == 0 && names.contains(m.getName());
  }

  static boolean isNullable(@Nullable AnnotatedElement element) {
    return element != null && element.isAnnotationPresent(Nullable.class);
  }
}
