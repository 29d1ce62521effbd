package io.liblink.identity.key;

import java.util.List;

/** Keys given as text. They never change. */
final class LiteralKeys implements KeySource {
  private final String keys;

  LiteralKeys(String keys) {
    this.keys = keys;
  }

  @Override
  public Loaded reload() {
    return new Loaded(KeySource.parse(keys, describe()), false, List.of());
  }

  @Override
  public String describe() {
    return "the key given as text (LIBLINK_KEY)";
  }

  @Override
  public String toString() {
    return describe();
  }
}
