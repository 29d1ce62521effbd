package io.liblink.routing;

import io.liblink.registry.Instance;
import java.util.List;
import java.util.Locale;

/**
 * One chosen instance: the one on a node, or the one with an instance id. A text that is the name of
 * a node of the view means that node; otherwise it is an instance id or its first digits, at least
 * {@value #MIN_DIGITS}; {@code node@digits}, as messages name instances, means both.
 */
record Target(String text, String node, String digits) {
  static final int MIN_DIGITS = 4;

  static Target of(String text, List<Instance> instances) {
    int at = text.lastIndexOf('@');
    if (at > 0 && at < text.length() - 1) {
      return new Target(
          text, text.substring(0, at), text.substring(at + 1).toLowerCase(Locale.ROOT));
    }
    for (Instance instance : instances) {
      if (instance.node().equals(text)) {
        return new Target(text, text, "");
      }
    }
    return new Target(text, "", text.toLowerCase(Locale.ROOT));
  }

  boolean accepts(Instance instance) {
    if (!node.isEmpty() && !node.equals(instance.node())) {
      return false;
    }
    boolean anyRun = digits.isEmpty() && !node.isEmpty();
    return anyRun || (digits.length() >= MIN_DIGITS && instance.id().toString().startsWith(digits));
  }
}
