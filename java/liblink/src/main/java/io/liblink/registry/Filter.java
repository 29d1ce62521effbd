package io.liblink.registry;

import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a service's instances, for a registry whose servers can leave out the others: a
 * selector ({@code spec/selectors.md}) that the registry can have written in its own language. Two are
 * equal when they mean the same. Immutable and thread-safe.
 */
public interface Filter {
  /** Whether that instance is wanted. */
  boolean test(Instance instance);

  /**
   * The selector with the keys of the registry. It has the operators {@code == != contains and or not} and
   * parentheses, and values in backticks or, without escapes, in double quotes: what Consul's filters,
   * too, understand.
   *
   * @param keys how the registry writes them
   * @return null when it can't be written so that it means the same: the registry must not leave out
   *     anything then
   */
  @Nullable
  String written(Keys keys);

  /** The selector in its canonical form. */
  @Override
  String toString();

  /** How a registry writes what selectors look at. */
  interface Keys {
    /** A key of the metadata; null when it can't be written. */
    @Nullable
    String metadata(String key);

    /** What every instance has, such as {@code node}; null when it can't be written. */
    @Nullable
    String attribute(String name);
  }
}
