package io.liblink.registry.consul;

import io.liblink.message.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a registry was asked to be.
 *
 * @param uri as it was given; it can't hold a secret, because one is refused there
 * @param secure whether the agent is spoken to by HTTPS
 * @param agent where it listens
 * @param tokenFile the file with the token, read again when it changes; null for none
 * @param token the token itself, from the environment; empty for none
 * @param datacenters by preference, those of one rank together; empty for the agent's own only
 * @param caFile PEM certificates that may have signed the agent's; null for those of the JDK
 * @param certFile PEM certificates that this node shows to the agent; null for none
 * @param keyFile the PEM key to {@code certFile}; null for none
 * @param ttl how long the agent waits for a heartbeat
 */
record Settings(
    String uri,
    boolean secure,
    Address agent,
    @Nullable Path tokenFile,
    String token,
    List<List<String>> datacenters,
    @Nullable Path caFile,
    @Nullable Path certFile,
    @Nullable Path keyFile,
    Duration ttl) {
  static final Duration TTL = Duration.ofSeconds(10);

  /** The one name for the agent's own datacenter, where none was named. */
  static final String OWN = "";

  /** All datacenters to look at, the most preferred first. */
  List<String> allDatacenters() {
    return datacenters.isEmpty()
        ? List.of(OWN)
        : datacenters.stream().flatMap(List::stream).toList();
  }

  /** Where a datacenter stands; 0 is looked at first. */
  int rank(String datacenter) {
    for (int rank = 0; rank < datacenters.size(); rank++) {
      if (datacenters.get(rank).contains(datacenter)) {
        return rank;
      }
    }
    return 0;
  }

  /** Says where, and never the token. */
  @Override
  public String toString() {
    return uri;
  }
}
