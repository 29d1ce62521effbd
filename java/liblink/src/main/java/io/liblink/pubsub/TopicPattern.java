package io.liblink.pubsub;

import io.liblink.message.Names;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.Collection;
import java.util.List;

/**
 * The name of a topic, or a pattern over names: {@code *} stands for one dot-separated token, {@code >}
 * at the end for the rest, at least one. Immutable.
 */
final class TopicPattern {
  private final String text;
  private final String[] tokens;
  private final boolean exact;

  private TopicPattern(String text) {
    this.text = text;
    this.tokens = text.split("\\.", -1);
    this.exact = text.indexOf('*') < 0 && text.indexOf('>') < 0;
  }

  /** Throws IllegalArgumentException for what is neither a name nor a pattern. */
  static TopicPattern of(String text) {
    TopicPattern pattern = new TopicPattern(text);
    if (pattern.exact) {
      Names.endpoint(text);
      return pattern;
    }
    for (int i = 0; i < pattern.tokens.length; i++) {
      String token = pattern.tokens[i];
      boolean last = i == pattern.tokens.length - 1;
      if (!token.equals("*") && !(token.equals(">") && last)) {
        try {
          Names.endpoint(token);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "'" + text
                  + "' is no pattern of topics: * stands for one whole token between dots, > for"
                  + " the rest at the end",
              e);
        }
      }
    }
    if (text.length() > Names.MAX_ENDPOINT) {
      throw new IllegalArgumentException(
          "a pattern of " + text.length() + " characters; at most " + Names.MAX_ENDPOINT);
    }
    return pattern;
  }

  /**
   * The topics of an instance that are meant, among those that it announces.
   *
   * @param all every instance that is chosen: a name that none of them announces is tried at each. The
   *     registry may not tell, and a name that is wrong is refused in words
   */
  List<String> topicsOf(Instance instance, Collection<Instance> all) {
    if (exact && all.stream().noneMatch(i -> !announced(i).isEmpty())) {
      return List.of(text);
    }
    return announced(instance);
  }

  private List<String> announced(Instance instance) {
    return instance.endpoints().stream()
        .filter(e -> e.kind() == Endpoint.Kind.TOPIC && matches(e.name()))
        .map(Endpoint::name)
        .toList();
  }

  boolean matches(String name) {
    String[] parts = name.split("\\.", -1);
    for (int i = 0; i < tokens.length; i++) {
      if (i >= parts.length) {
        return false;
      }
      if (tokens[i].equals(">")) {
        return true;
      }
      if (!tokens[i].equals("*") && !tokens[i].equals(parts[i])) {
        return false;
      }
    }
    return parts.length == tokens.length;
  }

  @Override
  public String toString() {
    return text;
  }
}
