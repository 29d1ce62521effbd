package io.liblink.bench.load;

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
  IDLE("1,000 idle connections", 64, 1000);

  /** What the transfer of {@link #MIXED} sends at a time. */
  public static final int TRANSFER = 16 << 20;

  private final String title;
  private final int bytes;
  private final int parallel;

  Workload(String title, int bytes, int parallel) {
    this.title = title;
    this.bytes = bytes;
    this.parallel = parallel;
  }

  /** In words. */
  public String title() {
    return title;
  }

  /** The name on the command line: {@code load-64}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Payload of a request. */
  public int bytes() {
    return bytes;
  }

  /** Calls in flight, callers, or connections. */
  public int parallel() {
    return parallel;
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
