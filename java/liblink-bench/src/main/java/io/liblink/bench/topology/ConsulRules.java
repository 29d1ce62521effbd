package io.liblink.bench.topology;

/**
 * How often a node asks its Consul agent for something, by the times that {@code spec/registry-consul.md}
 * gives. What {@link ConsulScale} measures bears it out.
 */
final class ConsulRules {
  /** A third of 10 s, up to a twentieth less. */
  private static final double BEAT_SECONDS = 10 / 3.0 * 0.975;

  /** What the agent has is looked at every 7.5 to 15 s. */
  private static final double LOOK_SECONDS = 11.25;

  /** Who leads is asked every 2 to 4 s. */
  private static final double PULSE_SECONDS = 3;

  /** A blocking query waits for 48 to 60 s, and Consul adds up to a sixteenth. */
  private static final double WAIT_SECONDS = 54 * (1 + 1 / 32.0);

  /** What a node announces: a service, and what is built in. */
  static final int ANNOUNCED = 2;

  private ConsulRules() {}

  /** Requests in a second for one announcement. */
  static double announcement() {
    return 1 / BEAT_SECONDS + 1 / LOOK_SECONDS;
  }

  /** Requests in a second of a node that watches so many services in which nothing happens. */
  static double watching(int services) {
    return services == 0 ? 0 : 1 / PULSE_SECONDS + services / WAIT_SECONDS;
  }

  /** Requests in a second of nodes that each announce a service and have so many watches together. */
  static double idle(int nodes, int watches) {
    return nodes * (ANNOUNCED * announcement() + 1 / PULSE_SECONDS) + watches / WAIT_SECONDS;
  }
}
