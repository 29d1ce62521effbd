package io.liblink.registry.consul;

/**
 * The keys of Consul's Meta that are liblink's own, and Consul's limits. {@code
 * spec/registry-consul.md} describes them for other languages.
 */
final class Meta {
  /** All of liblink's begin like this; metadata that does too travels in {@link #PACKED}. */
  static final String OWN = "liblink-";

  static final String CLUSTER = "liblink-cluster";
  static final String NODE = "liblink-node";
  static final String ID = "liblink-id";
  static final String STARTED = "liblink-started";
  static final String VERSION = "liblink-version";
  static final String ADDRESSES = "liblink-addresses";
  static final String WEIGHT = "liblink-weight";
  static final String METHODS = "liblink-methods";
  static final String TOPICS = "liblink-topics";
  static final String QUEUES = "liblink-queues";
  static final String PACKED = "liblink-meta";

  /** There when the form is a newer one than this. */
  static final String FORMAT = "liblink-format";

  /** Consul keeps these for itself. */
  static final String CONSUL = "consul-";

  static final int MOST_PAIRS = 64;

  /** In bytes of UTF-8. */
  static final int LONGEST_VALUE = 512;

  private Meta() {}

  /** The name of the n-th part of a value that is longer than one pair takes: a, a-2, a-3. */
  static String part(String key, int n) {
    return n == 1 ? key : key + "-" + n;
  }

  /** The tag that makes a cluster's services findable, in the catalog and by DNS. */
  static String tag(String cluster) {
    return OWN + cluster;
  }
}
