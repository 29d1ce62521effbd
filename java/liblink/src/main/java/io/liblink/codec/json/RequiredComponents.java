package io.liblink.codec.json;

import java.io.Serial;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Makes every component of a record required, except an {@code Optional} and one that is annotated
 * {@code @Nullable} (whoever's): a typing error in a property is then told, not read as null.
 */
final class RequiredComponents extends JacksonAnnotationIntrospector {
  @Serial
  private static final long serialVersionUID = 1L;

  private static final Set<Class<?>> MAY_BE_MISSING =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    Boolean marked = super.hasRequiredMarker(config, member);
    if (Boolean.TRUE.equals(marked) || !(member instanceof AnnotatedParameter parameter)) {
      return marked;
    }
    Class<?> owner = parameter.getDeclaringClass();
    RecordComponent[] components = owner.isRecord() ? owner.getRecordComponents() : null;
    if (components == null || parameter.getIndex() >= components.length) {
      return marked;
    }
    RecordComponent component = components[parameter.getIndex()];
    return !MAY_BE_MISSING.contains(component.getType())
        && !isNullable(component.getAnnotatedType())
        && !isNullable(component);
  }

  private static boolean isNullable(AnnotatedElement element) {
    for (Annotation a : element.getAnnotations()) {
      if (a.annotationType().getSimpleName().equals("Nullable")) {
        return true;
      }
    }
    return false;
  }
}
