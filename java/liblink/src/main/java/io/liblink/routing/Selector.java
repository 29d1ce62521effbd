package io.liblink.routing;

import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expression over instance metadata, {@code zone == "eu" and version != "1"}: Consul's filter
 * syntax. {@code spec/selectors.md} is its definition, the same in every language. Immutable and
 * thread-safe; parse once, test often.
 */
public final class Selector implements Filter {
  /** The longest selector in bytes of UTF-8. */
  public static final int MAX_BYTES = 4096;

  /** How deep {@code not} and parentheses may nest. */
  public static final int MAX_DEPTH = 32;

  private static final int MAX_REASON = 400;

  private final String source;
  private final Clause root;
  private final String canonical;

  private Selector(String source, Clause root) {
    this.source = source;
    this.root = root;
    this.canonical = root.toString();
  }

  /**
   * Reads a selector.
   *
   * @throws SelectorException when it is none, saying where and what was expected
   */
  public static Selector parse(String source) {
    return new Selector(source, new SelectorParser(source).parse());
  }

  /** As it was written. */
  public String source() {
    return source;
  }

  /** Whether that instance is selected. */
  @Override
  public boolean test(Instance instance) {
    return root.test(new Clause.Subject(instance.metadata(), instance));
  }

  /** Whether that metadata is selected; there are no instance attributes then, as if missing. */
  public boolean test(Map<String, String> metadata) {
    return root.test(new Clause.Subject(metadata, null));
  }

  @Override
  public @Nullable String written(Filter.Keys keys) {
    return root.written(keys);
  }

  /**
   * Why that instance is not selected: the clauses that failed, each with the value it met, {@code
   * zone == "eu" (zone is "us")}. Null when it is selected.
   */
  public @Nullable String explain(Instance instance) {
    Clause.Subject subject = new Clause.Subject(instance.metadata(), instance);
    if (root.test(subject)) {
      return null;
    }
    StringBuilder reason = new StringBuilder();
    root.explain(subject, reason);
    if (reason.length() > MAX_REASON) {
      reason.setLength(MAX_REASON);
      reason.append('…');
    }
    return reason.toString();
  }

  /** In one canonical form, which parses to the same. Two selectors are equal when that is. */
  @Override
  public String toString() {
    return canonical;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Selector that && canonical.equals(that.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }
}
