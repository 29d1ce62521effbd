package io.liblink.registry.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks DNS, and waits for the answer. */
interface Resolver {
  /** An SRV record. */
  record Srv(int priority, int weight, int port, String target) {
    /** By which a domain says that it decidedly has no such service. */
    boolean isNowhere() {
      return target.isEmpty();
    }
  }

  /**
   * The SRV records of a name.
   *
   * @return empty when the name has none; null when there is no such name
   * @throws DnsException when there was no answer
   */
  @Nullable
  List<Srv> srv(String name) throws DnsException;

  /**
   * The addresses of a name, IPv4 first.
   *
   * @return empty when the name has none; null when there is no such name
   * @throws DnsException when there was no answer
   */
  @Nullable
  List<String> addresses(String name) throws DnsException;
}
