package io.liblink.routing;

import io.liblink.registry.Instance;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a clause looks at.
 *
 * @param kind where the value comes from
 * @param name the metadata key or the attribute; {@code meta} for the whole map
 */
record SelectorKey(Kind kind, String name) {
  enum Kind {
    /** One metadata key. */
    META,
    /** What every instance has. */
    ATTRIBUTE,
    /** All metadata: its keys are what it contains. */
    ALL
  }

  static final String ALL_NAME = "meta";

  /** The words that a bare key can't be. */
  static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "in", "is", "contains", "matches", "empty");

  private static final Set<String> ATTRIBUTES =
      Set.of("service", "node", "id", "version", "datacenter");

  /** What a bare word means as a key. */
  static SelectorKey bare(String word) {
    if (word.equals(ALL_NAME)) {
      return new SelectorKey(Kind.ALL, word);
    }
    return new SelectorKey(ATTRIBUTES.contains(word) ? Kind.ATTRIBUTE : Kind.META, word);
  }

  static SelectorKey meta(String key) {
    return new SelectorKey(Kind.META, key);
  }

  static String attribute(Instance instance, String name) {
    return switch (name) {
      case "service" -> instance.service();
      case "node" -> instance.node();
      case "id" -> instance.id().toString();
      case "version" -> instance.version();
      // So that it means the same where the registry knows no datacenters and nodes say theirs.
      case "datacenter" ->
        instance.datacenter().isEmpty()
            ? instance.metadata().getOrDefault(name, "")
            : instance.datacenter();
      default -> throw new IllegalArgumentException("no attribute '" + name + "'");
    };
  }

  @Nullable
  String of(Clause.Subject subject) {
    return switch (kind) {
      case META -> subject.metadata().get(name);
      case ATTRIBUTE -> subject.instance() == null ? null : attribute(subject.instance(), name);
      case ALL -> null;
    };
  }

  @Override
  public String toString() {
    if (kind != Kind.META) {
      return name;
    }
    boolean bare = name.matches("[A-Za-z][A-Za-z0-9_]*")
        && !KEYWORDS.contains(name)
        && bare(name).kind() == Kind.META;
    return bare ? name : ALL_NAME + "[" + SelectorText.quoted(name) + "]";
  }
}
