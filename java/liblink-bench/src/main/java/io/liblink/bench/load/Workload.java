package io.liblink.bench.load;

import io.liblink.bench.peers.Pattern;
import java.util.Arrays;
import java.util.Locale;

/** What is asked of every peer. */
public enum Workload {
  /** One call in flight. */
  CALL_64("64 B, 1 in flight", 64, 1),
  /** Many small calls in flight on one connection. */
  LOAD_64("64 B, 256 in flight", 64, 256),
  /** Many calls of a kilobyte in flight on one connection. */
  LOAD_1K("1 KiB, 256 in flight", 1024, 256),
  /** Large requests, small replies. */
  BULK_1M("1 MiB one way, 8 in flight", 1 << 20, 8),
  /** Small calls beside a large transfer on the same connection. */
  MIXED("64 B, 1 in flight, during 16 MiB transfers", 64, 1),
  /** Callers that wait, each on a virtual thread. */
  BLOCKING_64("64 B, 256 blocking virtual threads", 64, 256),
  /** Connect, prove, one call, close. */
  HANDSHAKE("connect + handshake + 1 call + close, 8 parallel", 64, 8),
  /** Connections that only stay open. */
  IDLE("1,000 idle connections", 64, 1000),
  /** One publisher, some links; before those that are compared with it. */
  PUBSUB_4("256 B, 1 publisher to 4 links, nothing lost", 256, 4, Pattern.PUBSUB),
  /** One publisher, one link. */
  PUBSUB_1("256 B, 1 publisher to 1 link, nothing lost", 256, 1, Pattern.PUBSUB),
  /** One publisher, more links. */
  PUBSUB_16("256 B, 1 publisher to 16 links, nothing lost", 256, 16, Pattern.PUBSUB),
  /** One publisher, many links. */
  PUBSUB_64("256 B, 1 publisher to 64 links, nothing lost", 256, 64, Pattern.PUBSUB),
  /** From publish to handler while nothing waits. */
  PUBSUB_LATENCY("256 B, 1,000 messages/s to 1 link, publish to handler", 256, 1, Pattern.PUBSUB),
  /** Items shared by workers, each acknowledged. */
  PIPELINE_2("256 B, 1 producer to 2 workers, acknowledged", 256, 2, Pattern.PIPELINE),
  /** The same, with what the producer accepted on disk. */
  PIPELINE_SPOOL(
      "256 B, 1 producer with a spool to 2 workers, push to accepted", 256, 2, Pattern.SPOOL);

  /** What the transfer of {@link #MIXED} sends at a time. */
  public static final int TRANSFER = 16 << 20;

  private final String title;
  private final int bytes;
  private final int parallel;
  private final Pattern pattern;

  Workload(String title, int bytes, int parallel) {
    this(title, bytes, parallel, Pattern.CALL);
  }

  Workload(String title, int bytes, int parallel, Pattern pattern) {
    this.title = title;
    this.bytes = bytes;
    this.parallel = parallel;
    this.pattern = pattern;
  }

  /** What peers must have to take part. */
  public Pattern pattern() {
    return pattern;
  }

  /** In words. */
  public String title() {
    return title;
  }

  /** The name on the command line: {@code load-64}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Payload of a request, message or item. */
  public int bytes() {
    return bytes;
  }

  /** Calls in flight, callers, connections, subscribing links, or workers. */
  public int parallel() {
    return parallel;
  }

  /** What is counted. */
  public String unit() {
    return switch (pattern) {
      case CALL -> "calls";
      case PUBSUB -> "delivered";
      case PIPELINE, SPOOL -> "items";
    };
  }

  /** Messages to publish in a second; 0 for as many as possible. */
  public int perSecond() {
    return this == PUBSUB_LATENCY ? 1000 : 0;
  }

  /** What to run until the code is compiled: a thousand messages a second would take minutes. */
  public Workload warmUp() {
    return this == PUBSUB_LATENCY ? PUBSUB_1 : this;
  }

  /** Whether bytes per second say more than calls per second. */
  public boolean bulk() {
    return bytes >= 1 << 20;
  }

  /** The workload of that id. */
  public static Workload of(String id) {
    return Arrays.stream(values())
        .filter(w -> w.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload '" + id + "'; there are "
            + String.join(", ", Arrays.stream(values()).map(Workload::id).toList())));
  }
}
