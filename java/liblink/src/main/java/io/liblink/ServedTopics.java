package io.liblink;

/** The topics of a node. */
final class ServedTopics {
  ServedTopics(NodeCore core) {}

  Topic get(String target) {
    throw new UnsupportedOperationException("not built yet: " + target);
  }
}
